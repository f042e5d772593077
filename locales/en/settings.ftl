# Words of the settings, the first run and the import. Keys are the same in every language.


## The settings and their sub-navigation

settings-tab-me = My account
settings-tab-company = Company
settings-tab-people = People
settings-tab-bank = Bank accounts
settings-tab-channels = Channels
settings-tab-safe = Safe mode
settings-tab-import = Import
settings-tab-data = Data
settings-tab-log = Log
settings-lead-me = How you appear, how you come in, and what programs may do in your name.
settings-lead-company = Who writes, and the rules that bind every letter.
settings-lead-people = Who works here, and who looks after whose buyers.
settings-lead-bank = Your own accounts that buyers pay into. A change needs two people and a day of waiting.
settings-lead-channels = How letters are sent.
settings-lead-safe = Try everything out before a single letter reaches a buyer.
settings-lead-import = Orders, buyers, payments and bank statements, read with a preview.
settings-lead-data = A copy of everything, what is known of a person, and forgetting one.
settings-lead-log = Who did what, when and from where. Lines are only ever added.
settings-save = Save
settings-field-company = Company
settings-field-address = Address
settings-field-signer = Who signs
settings-field-firm-email = Address that letters come from
settings-field-email = Email
settings-field-phone = Phone
settings-field-zone = Time zone in which due dates are counted
settings-field-language = Language of the pages
settings-field-currency = Currency of reports
settings-field-own-name = Name
settings-field-reply-to = Answers go to
settings-field-signature = Signature
settings-field-old-password = Password now
settings-field-new-password = New password
settings-field-password = Your password
settings-field-key-name = Program
settings-field-days = Days it holds
settings-field-holder = Account holder
settings-field-bank = Bank
settings-field-account = Account number or IBAN
settings-field-swift = SWIFT
settings-field-server = Mail server, host:port
settings-field-security = Encryption
settings-field-mail-user = User
settings-field-mail-password = Password
settings-field-folder = Folder for letters
settings-field-difficulty-en = Our difficulty, for English letters
settings-field-difficulty-es = Our difficulty, for Spanish letters
settings-field-difficulty-zh = Our difficulty, for Chinese letters
settings-language-browser = As the browser asks
settings-firm = The firm
settings-firm-says = These lines stand under letters and on account statements.
settings-difficulty-says = One true sentence that early letters may mention, for instance that a supplier has to be paid this week. Leave it empty to say nothing; it is never made up.
settings-field-latin-company = Company in Latin letters
settings-field-latin-address = Address in Latin letters
settings-field-latin-signer = Who signs, in Latin letters
settings-field-own-latin-name = Name in English letters
settings-latin-says = For letters, mails and account statements that are not in Chinese. What is empty is taken from above.
settings-latin-missing = Letters to buyers abroad are signed with the Chinese name of the firm. Give its name in Latin letters in Settings, Company.
settings-phone-says = With the country code, for instance +86 574 8765 4321.
settings-rules = Rules of contact
settings-rules-says = They bind every letter, whatever a playbook says.
settings-rule-gap-hours = Hours between two letters to a buyer
settings-rule-weekly-ceiling-consumer = Letters a week, consumers
settings-rule-weekly-ceiling-company = Letters a week, companies
settings-rule-promise-margin-days = Days after a promise before it counts as broken
settings-rule-promise-cap-days = Longest pause for a promise, days
settings-rule-statement-max-age-days = Oldest bank statement to rely on, days
settings-rule-approval-days = Days an approval holds
settings-review-all = Every letter waits for a person’s look
settings-supply = Stop-supply
settings-supply-says = A serious overdue debt holds the buyer’s other orders back: production, loading and dispatch wait until it is settled or a person decides otherwise.
settings-supply-on = An overdue debt stops new goods
settings-supply-days = Days overdue from which it does
settings-supply-least = Least overdue sums
settings-supply-least-says = A currency and an amount in each line. In a currency that is not named, any sum counts.

## My account

me-own = About me
me-signature-says = Stands under letters to your buyers in place of the firm’s lines. Leave both empty to use the firm’s.
me-password = Password
me-password-says = Every other browser is signed out.
me-password-do = Change the password
factor = Second factor
factor-on = On
factor-off = Off
factor-says = An app on your phone shows a code that is asked for after the password.
factor-begin = Set up an app
factor-drop = Remove the second factor
factor-trial = Read this with the app
factor-trial-says = Scan the picture, or type the words below into the app. Nothing changes before a code from it is right.
factor-picture = QR code for the app
factor-keep = Keep it
sessions = Signed in
sessions-this = This browser
sessions-end = Sign out there
api-keys = Keys for programs
api-keys-says = A program with a key can do what is ticked, and never more than you can.
api-keys-until = until { $date }
api-keys-used = used { $date }
api-keys-unused = never used
api-keys-end = End it
api-keys-may = It may
api-keys-make = Make a key
keys-new = The new key
keys-new-says = Copy it now: it is not shown again.
right-see = look
right-see-everybody = see every buyer
right-work = work with buyers
right-approve-severe = approve severe letters, hand cases over
right-money = place money
right-lower = credits and write-offs
right-import = bring in files
right-assign = hand buyers over
right-settings = settings
right-bank-accounts = bank accounts
right-users = people
right-audit-log = log
right-data = copies and erasing

## People

people = Who works here
people-buyers = { $n -> 
    [one] { $n } buyer
   *[other] { $n } buyers
 }
people-role = Role
people-change = Change role
people-let-go = Let go
people-take-back = Take back
people-again = New link
people-invite = Invite somebody
people-invite-says = You get a link to hand over. It opens the door once, within a week.
people-invite-do = Make the link
people-link = For { $name }
people-link-says = Hand this link over yourself: it is not shown again after ten minutes, and whoever has it comes in.
people-link-local = This address works only on this computer. For colleagues elsewhere, start the program with --public-url and the address under which they reach it, and invite again.
user-state-invited = Invited
user-state-active = Active
user-state-left = Gone
cover = Cover for leave
cover-says = Whoever stands in sees the buyers of the absent colleague, and theirs only for those days.
cover-line = { $deputy } for { $absent }
cover-now = Now
cover-end = End it
cover-absent = Absent
cover-deputy = Stands in
cover-from = From
cover-until = Until
cover-do = Save
reassign = Hand over all buyers
reassign-says = { $n -> 
    [0] Every buyer has somebody.
    [one] { $n } buyer is nobody’s.
   *[other] { $n } buyers are nobody’s.
 }
reassign-from = From
reassign-to = To
reassign-do = Hand over
nobody = Nobody
hands = Who looks after it
hands-nobody = Nobody yet
hands-label = Hand over to
hands-do = Hand over

## Bank accounts

bank-accounts = Accounts
bank-none = No account yet: letters ask to pay to the one on the invoice.
bank-each-currency = Each currency needs an account of its own: a letter that asks for euros names only an account in euros.
bank-state-used = In letters
bank-state-waits = Waits for a second person
bank-state-resting = Confirmed, waiting time
bank-proposed = Proposed by { $name }, { $date }
bank-confirmed = Confirmed by { $name }, { $date }
bank-from = Stands in letters from { $date }
bank-confirm = I have checked it with the bank: confirm
bank-second-person = Somebody else has to confirm it.
bank-withdraw = Take it back
bank-propose = Enter or change an account
bank-propose-says = A second person confirms it; { $hours } hours later it stands in letters. Until then the old one does.
bank-first-says = No letter has left yet, so this account counts at once. Later changes need a second person.
bank-propose-do = Enter it

## Channels

channel-mail = Mail
channel-mail-says = Without a server letters are written into a folder ({ $folder }).
channel-password-kept = A password is kept, sealed. Leave the field empty to keep it.
channel-password-none = No password is kept. What you type is sealed and never shown.
mail-security-starttls = STARTTLS (587)
mail-security-tls = TLS (465)
mail-security-none = None
channel-test = Try it
channel-test-says = The test keeps what stands above and then sends to { $to }. Without a server it is only written to the folder.
channel-test-do = Save and send a test
channel-test-sent = The mail server took the test for { $to }: { $way }
channel-test-folder = No mail was sent: no server is set, so the test to { $to } lies in the folder for letters.
channel-test-failed = { $outcome }: { $why }
channel-outcome-busy = The server does not take it now
channel-outcome-refused = The server refuses it
channel-outcome-unknown = Nobody knows whether it left

## Safe mode

safe-on = Safe mode is on
safe-off = Safe mode is off
safe-on-says = Nothing reaches a buyer. What would leave is written as a rehearsal, and followed receivables stay where they are.
safe-copy-says = A copy of each goes to { $own }.
safe-off-says = Turn safe mode on to try out playbooks or settings: nothing leaves until you go live again.
safe-ahead = If you go live now: { $all } letters are due, { $first } of them leave within a day.
safe-ahead-more = { $looked } of these letters leave only once you approve them; besides, { $tasks } calls and tasks.
safe-live-label = To let letters leave, type the firm’s name: { $firm }
live-folder = No mail server is set: once you go live, letters are written to a folder ({ $folder }) and reach no buyer by themselves.
safe-now-do = Write what is due now
safe-live-do = Go live
safe-on-do = Turn safe mode on
rehearsals = Rehearsals
rehearsals-none = Nothing was rehearsed yet. The next run writes what would leave.
rehearsal-would = live, it would leave { $date }
rehearsal-read = Read

## Data

backup = Backup
backup-says = One file with everything. Personal data in it opens only with the installation’s key, which is not in it.
backup-where = The key is the file dunlin.key in { $folder }, unless it was given by --key-file or DUNLIN_KEY: keep a copy of it elsewhere. To restore, put the key into a new data folder and run dunlin restore with the backup there.
backup-do = Download a backup
doctor = Health of the data
doctor-says = Sums, links and the log are gone through; nothing is changed.
doctor-do = Look through the data
doctor-several = Several firms share this database: whoever runs it looks with dunlin doctor.
doctor-well = { $n } checks, all is well.
person-data = What is known of somebody
person-data-says = Find a buyer to export everything about it, or to forget a person there. Amounts, days and numbers stay; the copy of an imported file that names the person is given up as a whole; backups made before keep what they had.
person-debtor = Number or name of the buyer
person-find = Find
person-export = Export as JSON
person-none = No buyer ‘{ $name }’ here.
erase-type = Type ‘{ $name }’ to erase
erase-do = Erase for good
erase-consumer = The buyer as a whole
erase-consumer-says = Name, people, sent letters and free words. The books stay.

## The log

log-check = Check that the log is whole
log-check-says = Reads every line from the first.
log-whole = The log is whole: every line follows the one before it.
log-broken = The log is not whole at line { $number }: { $what }.
log-who = Who
log-anybody = Anybody
log-what = About
log-anything = Anything
log-subject = Number or id
log-filter = Show
log-csv = CSV
log-jsonl = JSON lines
log-none = No lines.
log-number = No.
log-when = When
log-did = Did
log-older = Older lines
via-system = the program
via-command-line = command line
via-page = pages
via-api = API
log-noun-letter = Letters
log-noun-receivable = Receivables
log-noun-party = Buyers
log-noun-contact = Contacts
log-noun-payment = Payments
log-noun-talk = Talks
log-noun-promise = Promises
log-noun-hold = Holds
log-noun-task = Tasks
log-noun-file = Files
log-noun-user = People
log-noun-settings = Settings
log-noun-playbook = Playbook
log-noun-bank-account = Bank accounts
log-noun-token = Keys for programs
log-noun-path = Refused requests
log-fact-account = account
log-fact-added = added
log-fact-address = address
log-fact-amount = amount
log-fact-because = because this day is known
log-fact-asked = asked for payment
log-fact-bytes = bytes
log-fact-by = by
log-fact-contacts = contacts
log-fact-content = content
log-fact-corrected = corrected
log-fact-count = count
log-fact-country = country
log-fact-credit-limit = credit limit
log-fact-supply-is-on = an overdue debt stops new goods
log-fact-supply-days-overdue = days overdue that stop new goods
log-fact-supply-least = least sums that stop new goods
log-fact-currency = currency
log-fact-day = day
log-fact-due-on = due date
log-fact-deputy = stands in
log-fact-entries = lines
log-fact-from = from
log-fact-gone = merged buyer
log-fact-kind = kind
log-fact-known-before = known before
log-fact-leaves = leaves
log-fact-letters-cancelled = letters cancelled
log-fact-matched = placed
log-fact-method = method
log-fact-missing = approvals missing
log-fact-name = name
log-fact-note = note
log-fact-objected = objects
log-fact-on = on
log-fact-outcome = outcome
log-fact-outstanding = still open
log-fact-path = path
log-fact-pay-on = pays on
log-fact-place = where
log-fact-payments = payments
log-fact-payment = payment
log-fact-places = places
log-fact-playbook = playbook
log-fact-receivable = receivable
log-fact-reply-to = replies go to
log-fact-resolution = resolution
log-fact-right = right
log-fact-role = role
log-fact-salesperson = salesperson
log-fact-scopes = rights
log-fact-settles = settles
log-fact-signature = signature
log-fact-state = state
log-fact-until = until
log-fact-user = user
log-fact-to = to
log-fact-uses = uses
log-fact-was-sent = was sent
log-fact-why = reason
log-fact-words = words
log-fact-unpaid-why = why it is unpaid
log-fact-step = step
log-fact-wrong = what was wrong
log-fact-safe-mode = safe mode
log-fact-review-all = every letter needs a yes
log-fact-gap-hours = hours between two letters
log-fact-weekly-ceiling-consumer = weekly ceiling, consumers
log-fact-weekly-ceiling-company = weekly ceiling, companies
log-fact-promise-margin-days = days of grace after a promise
log-fact-promise-cap-days = longest hold by a promise (days)
log-fact-statement-max-age-days = longest age of a statement (days)
log-fact-approval-days = approval holds (days)
log-fact-begun = receivables that began
log-fact-trigger = event
log-fact-cases-moved = cases moved
log-fact-cases-stayed = cases that stayed
log-fact-changed = changed
log-fact-email = email
log-fact-number = number
log-fact-phone = phone
log-fact-language = language
log-fact-login = account on the marketplace
log-fact-whatsapp = WhatsApp
log-fact-version = version
log-fact-time-zone = time zone
log-fact-ui-language = language of pages
log-fact-base-currency = base currency
log-fact-difficulty-en = our difficulty, English
log-fact-difficulty-es = our difficulty, Spanish
log-fact-difficulty-zh = our difficulty, Chinese
log-fact-sender-company = firm
log-fact-sender-company-address = address of the firm
log-fact-sender-name = signs
log-fact-sender-email = email of the firm
log-fact-sender-phone = phone of the firm
log-fact-latin-company = firm in Latin letters
log-fact-latin-address = address in Latin letters
log-fact-latin-name = signs, in Latin letters
log-fact-bank-accounts = bank accounts
log-fact-transport-smtp = mail server
log-fact-transport-smtp-user = user at the mail server
log-fact-transport-smtp-security = encryption of mail
log-fact-transport-folder = folder
log-fact-transport-smtp-password-sealed = password of the mail server
log-fact-first-run-done = steps of the first run
log-value-true = yes
log-value-false = no
log-value-changed = another one
log-verb-access-refused = Was refused
log-verb-contact-objection = Noted an objection
log-verb-contact-entered = Entered a person at a buyer
log-verb-contact-changed = Changed a person at a buyer
log-verb-contact-retired = Noted that a person is not written to any more
log-verb-contact-reinstated = Noted that a person is written to again
log-verb-contact-taken-back = Took a change of a person back
log-verb-order-day = Noted a day of an order
log-verb-receivable-due = Set a due date right
log-verb-receivable-due-taken-back = Took a change of a due date back
log-verb-case-followed = Moved to the playbook that fits a day of the order
log-verb-party-closed = Noted days on which a buyer is closed
log-verb-party-closed-ended = Took closed days of a buyer back
log-verb-party-country = Entered the country of a buyer
log-verb-contact-time-zone = Entered a time zone
log-verb-order-event = Noted that something happened to an order
log-verb-contact-erased = Erased a person
log-verb-dispute-added = Noted a dispute
log-verb-dispute-resolved = Settled a dispute
log-verb-why-noted = Noted why it is unpaid
log-verb-why-cleared = Cleared why it is unpaid
log-verb-why-taken-back = Took a reason back
log-verb-case-restarted = Began a case anew
log-verb-case-handed-over = Handed a case over
log-verb-case-taken-back = Took a case back
log-verb-case-step-entered = Entered a step that was done before
log-verb-case-step-taken-back = Took an entered step back
log-verb-file-imported = Imported a file
log-verb-file-uploaded = Handed in a file
log-verb-hold-added = Set a hold
log-verb-hold-ended = Ended a hold
log-verb-letter-approved = Approved a letter
log-verb-letter-reinstated = Letter brought back
log-verb-payment-taken-from-aside = Payment no longer set aside
log-verb-task-reopened = Task opened again
log-verb-task-unsnoozed = Task no longer put off
log-verb-letter-back-to-review = Put a letter back to review
log-verb-letter-declined = Declined a letter
log-verb-letter-settled = Settled an uncertain letter
log-verb-letter-cancelled = Cancelled a letter
log-verb-letter-pasted = Pasted a letter
log-verb-letter-repaired = Put a letter right
log-verb-talk-logged = Logged a talk
log-verb-talk-taken-back = Took a talk back
log-verb-party-assigned = Handed a buyer over
log-verb-party-blocked = Blocked a buyer
log-verb-party-merged = Merged buyers
log-verb-party-playbook = Chose a playbook
log-verb-party-reassigned = Handed buyers over
log-verb-party-separated = Separated buyers
log-verb-party-unblocked = Unblocked a buyer
log-verb-supply-allowed = Allowed new goods nevertheless
log-verb-supply-stopped = Stopped new goods
log-verb-supply-decision-ended = Took a decision about new goods back
log-verb-party-credit-limit = Changed a credit limit
log-verb-settings-supply = Changed the rule of stop-supply
log-verb-file-forgotten = Gave up the copy of a file that named an erased person
log-verb-party-erased = Erased a consumer
log-verb-person-exported = Exported what is known
log-verb-payment-placed = Placed a payment
log-verb-payment-rest-set-aside = Set the rest aside
log-verb-payment-set-aside = Set money aside
log-verb-payment-taken-back = Took a payment back
log-verb-payments-matched = Matched payments
log-verb-promise-added = Noted a promise
log-verb-promise-withdrawn = Withdrew a promise
log-verb-receivable-lowered = Lowered what is owed
log-verb-plan-agreed = Agreed instalments
log-verb-plan-ended = Ended a plan of instalments
log-verb-plan-kept = A plan of instalments was kept
log-verb-plan-broken = A plan of instalments was broken
log-verb-charges-asked = Asked whether a rest is bank charges
log-verb-charges-kept-asking = Decided that a rest is still asked for
log-verb-receivable-lowering-taken-back = Took a lowering back
log-verb-session-ended = Signed out a browser
log-verb-stand-in-ended = Ended a cover
log-verb-stand-in-named = Named a stand-in
log-verb-statement-imported = Imported a statement
log-verb-task-done = Finished a task
log-verb-task-dropped = Marked a task as not needed
log-verb-task-snoozed = Put a task off
log-verb-token-ended = Ended a key
log-verb-token-ended-all = Ended keys
log-verb-token-made = Made a key
log-verb-user-added = Added somebody
log-verb-user-changed = Changed role or state
log-verb-user-erased = Erased a user
log-verb-user-invited = Invited somebody
log-verb-user-joined = Joined
log-verb-user-own-settings = Changed their own settings
log-verb-user-password = Changed a password
log-verb-user-second-factor = Changed the second factor
log-verb-user-signed-in = Signed in
log-verb-user-signed-out = Signed out
log-verb-user-unlocked = Unlocked a sign-in
log-verb-playbook-published = Published a playbook
log-verb-settings-company = Changed the firm
log-verb-settings-rules = Changed the rules
log-verb-settings-channels = Changed the channels
log-verb-settings-first-run = Went on in the first run
log-verb-channel-tested = Sent a test
log-verb-safe-mode-on = Turned safe mode on
log-verb-safe-mode-off = Went live
log-verb-bank-given = Entered a bank account
log-verb-bank-proposed = Proposed a bank account
log-verb-bank-confirmed = Confirmed a bank account
log-verb-bank-withdrawn = Took a bank account back
log-verb-data-backup = Took a backup

## What was just done

toast-saved = Saved.
toast-safe-on = Safe mode is on: nothing leaves to buyers.
toast-live = Live: letters leave from now on.
toast-live-folder = Live. No mail server is set: letters are written to the folder and reach nobody by themselves.
toast-bank-waits = Proposed. Now a second person has to confirm it.
toast-bank-given = Entered: letters name this account.
toast-bank-confirmed = Confirmed. Letters name it from { $date }.
toast-bank-withdrawn = Taken back. Nothing changes in letters.
toast-cover = The stand-in is named.
toast-cover-ended = The cover is ended.
toast-reassigned = { $n -> 
    [one] { $n } buyer handed over.
   *[other] { $n } buyers handed over.
 }
toast-assigned = Handed over.
toast-password = The password is changed; other browsers are signed out.
toast-factor = The second factor is on.
toast-factor-gone = The second factor is removed.
toast-session-ended = Signed out there.
toast-key-ended = The key opens nothing any more.
toast-erased = Erased for good.
toast-invited = The link stands above, for ten minutes.
toast-key-made = The key stands above, for ten minutes.

## The import and its jobs

import-drop = Drop a file here, or choose one
import-drop-says = Orders, buyers, contacts, receivables or payments (XLSX, XLS, CSV), or a bank statement (MT940, camt). Nothing goes in before you have seen how it is read.
import-drop-says-orders = Orders, buyers, contacts, receivables or payments (XLSX, XLS, CSV). Nothing goes in before you have seen how it is read.
import-looked-at-first = This is what the first { $n } rows would bring. The whole file is read when you take it in.
import-look = See how it is read
import-again = Read it again
import-take = Take it in
import-other = Another file
import-unclear = This file is not understood yet: { $why }
import-no-rows = There is a head but no row below it: nothing can be taken in.
import-sheet = Read is the sheet “{ $sheet }”. Not read: { $others }.
import-earlier = A file with this content came in on { $date }: what is known stays as it is.
import-statement = { $n } lines of a bank statement ({ $format }).
import-entries = Entries of the statement
import-entry-name = Other side
import-entry-pending = announced, not booked
import-entry-out = paid out
import-entries-more = { $n } more entries are not shown here; all of them are read.
import-what = The file holds
import-unread-columns = Not read: { $columns }. If one of them says what is paid or due, choose what it means.
import-awaiting = Not due until a day is known
import-awaiting-says = These amounts are in the file, but not the day that begins their time for payment. Nothing is asked for them until it is known: from a later file, or entered on their page.
import-awaiting-n =
    { $n ->
        [one] 1 amount
       *[other] { $n } amounts
    }
import-awaiting-trigger = counted from { $trigger }
import-awaiting-empty = The column for “{ $column }” is empty there.
import-awaiting-no-column = No column says “{ $column }”.
import-awaiting-open = Open the list
list-between = ,
import-columns = What each column means
import-columns-says = Guessed from the headers. Change what is wrong and read it again.
import-column = Column
import-header = Header
import-sample = For instance
import-means = Means
import-not-read = Not read
import-count-rows = Rows
import-count-added = New
import-count-corrected = Corrected
import-count-unchanged = As before
import-count-left-out = Left out
import-count-payments = Payments
import-count-cancelled = Letters cancelled
import-count-moved = Other playbook
import-old =
    { $n ->
        [one] { $n } amount is new and more than 30 days late. How does it come in?
       *[other] { $n } amounts are new and more than 30 days late. How do they come in?
    }
import-entry-standard = From the first step
import-entry-standard-says = The buyer hears a friendly reminder first. Right when you have not asked for this money yet.
import-entry-contextual = On the step of their age
import-entry-contextual-says = The first letter is as firm as the days late call for, but never a final demand. Right when you have reminded them yourselves.
import-unread = What cannot be read
import-unread-says = A cell that cannot be read stays empty; the rest of its row is taken in unless it says otherwise. A person without a readable address cannot be written to.
import-unread-file = Download the list
import-cell = Cell
import-read = It says
import-why = Why, and what to do
import-more = { $n } more are in the list for download.
import-corrections = What would change
jobs = Lately
job-state-running = Under way
job-state-done = Done
job-state-failed = Failed
job-state-lost = Broken off
job-leave = You can leave this page; the work goes on.
job-failed = Nothing was taken in: { $why }
job-unread = { $n } cells or rows were not read.
job-unread-look = See which ones
job-to-place = Claim { $n } payments
job-lost = The program was stopped while it worked. Hand the file in again: what is in already stays as it is.

## The first run

welcome = Getting started
welcome-step-company = Company
welcome-step-mail = Mail
welcome-step-import = Your orders
welcome-step-playbooks = Playbooks
welcome-step-safe = Safe mode
welcome-step-letter = The first letter
welcome-lead-company = Who writes to your buyers.
welcome-lead-mail = How letters leave. You can leave this out: they go to a folder.
welcome-lead-import = Your own list of orders, as it is.
welcome-lead-playbooks = Which way each receivable would be followed.
welcome-lead-safe = Nothing reaches a buyer before you say so.
welcome-lead-live = Safe mode is off: letters leave by themselves when they are due.
welcome-lead-letter = What the first buyer would get.
welcome-behind = done
welcome-on = Go on
welcome-save = Save and go on
welcome-skip = Leave this out for now
welcome-on-to = On to: { $step }
welcome-finish = To the desk
welcome-unfinished = Setting up is not finished.
welcome-resume = Go on setting up
welcome-bank = Enter the account that buyers pay to
welcome-nothing-open = Nothing is open yet: bring your orders in first.
welcome-playbooks-says =
    { $n ->
         [1] One open receivable, followed
        *[other] { $n } open receivables, each followed
    } the way its payment terms call for. You can change the playbooks, or give a buyer one of its own on its page.
welcome-playbook-line =
    { $receivables ->
         [1] 1 receivable
        *[other] { $receivables } receivables
    } of { $buyers ->
         [1] 1 buyer
        *[other] { $buyers } buyers
    }
welcome-due-now = { $n } to follow up now
welcome-and-more = { "" } and others
welcome-no-playbook = Settled, or none fits
welcome-letter = This is what { $debtor } would get, { $when }
welcome-letter-safe = If letters left already, { $debtor } would get this, { $when }
welcome-others =
    { $n ->
         [1] one more letter is due
        *[other] { $n } more letters are due
    }
welcome-no-letter = No letter is due now. As soon as one is, it stands here and under Safe mode.
welcome-no-letter-live = Nothing new is to be written now. What waits for approval and what leaves is here:
welcome-stay-safe = Go on trying it out

# Where there is no page to show.
plain-failed = Something went wrong here; try again.
plain-database = The database does not answer; try again.
plain-no-page = There is no such page.
plain-other-site = This form came from another site; nothing was changed.
plain-other-name = Open these pages under localhost, or under the address given with --public-url.
plain-demo-only = Only the people of a demo come in without a password.
plain-set-up = Open the address that the program printed when it was started.
