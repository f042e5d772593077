# Words on the pages. Keys are the same in every language; `xtask` and the tests of web::words compare them.

## The product and its frame

product = Dunlin
brand = Dunlin
brand-more = { "" }
skip = Skip to the content
ui-language-en = English
ui-language-zh = 中文
choose-language = Language
choose-theme = Light or dark
theme-light = Light
theme-dark = Dark
theme-auto = Auto
rail-narrow = Narrow
rail-widen = Widen
nav-main = Main
nav-phone = Main, for the thumb
nav-today = Today
nav-inbox = Inbox
nav-debtors = Debtors
nav-orders = Orders
nav-products = Products
nav-money = Money
nav-letters = Letters
nav-playbooks = Playbooks
nav-presale = Before the order
nav-reports = Reports
nav-settings = Settings
nav-health = Health
not-yet = not yet
rail-coming = Still to come
crumbs = You are here
rehearsal = Safe mode: nothing is sent
demo-data = Demo company
close = Close
undo = Undo
nothing = —
none-yet = None yet

## Search, commands and keys

search-label = Find debtors, orders, invoices, letters and payments
search-hint = Name or number
find = Find
show-all = Show all
nothing-found = Nothing is called “{ $search }”
nothing-found-next = Try part of the name, or a number such as D-0017 or an invoice number.
commands = Commands
palette-label = Type what you want to do or find
palette-places = Go to
palette-all = Search for
updated = Updated
live-gone = This is dealt with by now. Show what comes next
live-changed = This has changed meanwhile. Show it as it is now
go-today = Go to Today
go-debtors = Go to debtors
go-orders = Go to orders
go-products = Go to products
go-money = Go to money
go-letters = Go to letters
go-playbooks = Go to playbooks
go-theme-light = Use the light theme
go-theme-dark = Use the dark theme
go-theme-auto = Follow the system’s theme
keys = Keys
keys-title = Keys
key-commands = Ctrl K
key-escape = Esc
key-approve = A
key-decline = D
key-edit = E
key-snooze = S
key-call = C
key-undo = U
key-reply = R
pane = The selected row
pane-none = Choose a row, and its page stands here.
pane-whole = Open the whole page
key-does-search = Find
key-does-commands = Commands
key-does-help = This help
key-does-down = Next row
key-does-up = Row before
key-does-open = Open
key-does-approve = Say yes: send, done, match
key-does-decline = Say no
key-does-snooze = Snooze
key-does-call = Call
key-does-undo = Undo
key-does-edit = Edit
key-does-reply = Log what they answered
key-does-leave = Close, fold, leave the field
pager = Pages
pager-range = { $first }–{ $last } of { $total }
pager-earlier = Earlier
pager-later = Later
sort-by = Order
sort-overdue = Most overdue
sort-open = Most open
sort-name = Name

## Money, days, people

clock = { $time } in { $place }
in-hours = Office hours there
out-of-hours = Outside office hours
age-awaited = Awaits trigger
age-today = Due today
age-late =
    { $days ->
         [one] 1 day late
        *[other] { $days } days late
    }
age-ahead =
    { $days ->
         [one] due tomorrow
        *[other] due in { $days } days
    }
bucket-not-due = Not due
bucket-1-30 = 1–30 days
bucket-31-60 = 31–60 days
bucket-61-90 = 61–90 days
bucket-over-90 = Over 90 days
bar-title = { $currency } { $amount } open, by age
ageing-title = Open by currency and age
table-behind = Show as a table
of-amount = of { $currency } { $amount }
of-it-overdue = { $amount } overdue
rates-of = Rates: { $source }
nothing-open = Nothing is open.
consumer = Consumer
contact-role-owner = Owner
contact-role-finance = Finance
contact-role-purchaser = Purchaser
contact-role-logistics = Logistics
contact-role-buyer = Buyer
channel-email = Email
channel-in-site = In-site message
channel-phone = Phone
milestone-deposit = Deposit
milestone-balance = Balance
milestone-full = Full amount
milestone-instalment = Instalment
milestone-sample = Sample
milestone-freight = Freight
milestone-interest = Interest
trigger-proforma = the proforma invoice
trigger-goods-ready = goods ready
trigger-bl-copy = the copy of the bill of lading
trigger-bl-date = the date of the bill of lading
trigger-invoice-date = the invoice date
trigger-end-of-month = the end of the invoice’s month
trigger-order-placed = the order
trigger-arrival = arrival at the port
trigger-fixed-date = the agreed date
terms-from =
    { $days ->
         [0] At { $trigger }
         [one] 1 day after { $trigger }
        *[other] { $days } days after { $trigger }
    }
source-all = All
source-direct = Direct
source-marketplace = Marketplace

## Table heads

col-receivable = Receivable
col-due = Due
col-asked = Asked for
col-open = Open
col-open-in = Open, { $currency }
col-overdue = Overdue
col-amount = Amount
col-currency = Currency
col-debtor = Debtor
col-oldest = Oldest
col-next = Next
col-terms = Terms
col-entry = Entry
col-change = Change
col-order = Order
col-money = Money
col-parts = Parts
col-payer = Payer
col-received = Received
col-place = For
col-how = Found by
col-file = File
col-period = Booked
col-read = Read on
col-entries = Entries
col-matched = Matched
col-unmatched = Unmatched

## Today

queue = Queue
notice-lost = The database was restored from a backup, and the bank statements reach only to { $covered }: nothing presses for money until they are imported up to { $needed }.
notice-stale = The bank statements reach only to { $covered } and may be { $days } days old at most: nothing presses for money until newer ones are imported.
notice-behind = The account that is furthest behind: { $account }.
notice-stopped =
    { $n ->
         [1] One waiting letter was cancelled for this; it is written anew afterwards.
        *[other] { $n } waiting letters were cancelled for this; they are written anew afterwards.
    }
notice-rehearsed =
    { $n ->
         [1] Safe mode: one rehearsed letter is there to be read.
        *[other] Safe mode: { $n } rehearsed letters are there to be read.
    }
notice-folder = No mail server is set: letters are written to a folder ({ $folder }) and reach no buyer by themselves.
notice-no-account = Letters here ask for { $currencies }, and no confirmed account exists in it: they only say to pay to the account on the invoice.
queue-count =
    { $n ->
         [0] Nothing waits for you
         [one] 1 thing waits for you
        *[other] { $n } things wait for you
    }
group-decide = Decide
group-talk = Talk
group-check = Check
group-says-decide = letters to approve
group-says-talk = calls and answers
group-says-check = money, doubts, work for us
by-itself =
    { $n ->
         [0] Nothing else goes out today
         [one] Runs by itself today: 1 letter
        *[other] Runs by itself today: { $n } letters
    }
see-them = See them
back-to-queue = Queue
why-now = Why now
why = Why
why-count =
    { $n ->
         [one] 1 reason
        *[other] { $n } reasons
    }
do-send = Send { $time } in { $place }
do-send-folder = It is written to the folder, not mailed.
do-decline = Decline
decline-says = This letter is cancelled and does not reach the buyer; the reason goes on the timeline. The following step is still written when its time comes, and the buyer knows nothing of this one. To pause, use Hold instead.
decline-do = Decline the letter
do-edit = Edit
edit-says = What stands in a letter is changed where it comes from. The letter is then written anew, and one that was approved waits for a yes again.
edit-place-recipient = Who gets it: { $about }
edit-place-amount = Amount and due date: { $about }
edit-place-words = The words of this step, for every buyer: { $about }
edit-place-signature = Your signature and where answers go, under letters to your own buyers
edit-place-firm = Company, signer and what letters may mention
open-letter = Open letter
do-call = Call
do-snooze = Snooze
snooze-do = Snooze until then
task-done = Done
task-note = What came of it
task-note-hint = What came of it, in a few words
task-about = About
task-instructions = What to do
task-contact-says = Enter somebody who can be written to, then press Done: letters go on from there.
task-drop = Not needed
task-drop-says = The step counts as taken, and the case goes on.
task-drop-do = Not needed
task-uncalled = Not called
task-uncalled-says = A call that nobody makes warns nobody: the case is decided again, and after two of them a person is asked.
tasks-open = To do
tasks-rest = from { $date }
paste-how = The program may not write into this chat. Copy the text, paste it into the chat of the order, then say that it is sent. If the money arrives first, the message disappears from here.
paste-copy = Copy the text
paste-copied = Copied
paste-sent = I have sent it
settle-sent = It left
settle-not-sent = It did not leave
settle-tried = Tried
settle-how = Look for the Message-ID in the mail server’s log or the “sent” folder, then say which it was. It is never sent again blindly.
message-id = Message-ID
severe-note = A severe step. Your yes is recorded under your name and holds for exactly this text, recipient and amount.
take-back = Take back the approval
script-title = What to say
script-theirs = What to say · { $language }
script-note = A guide, not a text to read out.
facts = Facts
facts-open = Open by age
facts-promises = Promises kept
facts-last = Last contact
facts-heard = Last heard of them
facts-contact = Written to
facts-papers = Papers held
done-title-ready = All done. Well worked.
done-says-ready = Nothing waits for a decision. What is due goes out by itself or comes up here to be approved; payments come up here once a bank statement was read.
done-title-safe = Nothing waits while you try things out
done-says-safe = In safe mode nothing is sent and nothing waits for approval: letters are written as rehearsals instead.
done-title-empty = Nothing is here yet
done-says-empty = Import your orders first. Then what needs you stands here.
done-title-nobody = No buyers are yours yet
done-says-nobody = The owner or a manager hands buyers to you. New buyers that you import are yours at once.
tomorrow-title = Tomorrow, { $day }
tomorrow-letters = Letters that leave by themselves
tomorrow-tasks = Calls and decisions for you
tomorrow-money = Money expected

## Letters

letter-title = Letter { $number }
letter-mine = For you · { $language }
letter-left = As it left · { $language }
letter-not-sent = Not sent · { $language }
letter-not-sent-says = This was not sent. It is written anew from what is known, so that what was approved or stopped can still be read.
letter-never-made = There is no text: the letter did not leave, and it cannot be written any more.
letter-text-gone = Its text is not kept any more.
letter-record = In the records
letters-at-you = Waits for you
fate-folder = Written to the folder for letters
fate-smtp = Taken over by the mail server
fate-pasted = Pasted into the chat by a person
fate-looked-up = A person looked it up: it had left
fate-failed = It could not be delivered, or not be written. A task for it stands on Today.
fate-uncertain = Sending was interrupted, and nobody knows whether it left.
fate-again = It did not get through; it is tried again.
fate-waits = It has not left yet; it is tried again.
letter-theirs = As it leaves · { $language }
letter-to = to { $name }, { $channel }
step-to = { $step } to { $name }
envelope-to = To
envelope-way = By
envelope-about = About
envelope-leaves = Leaves
envelope-left = Left
envelope-stopped = Stopped
envelope-tried = Tried
envelope-ready = Ready
envelope-with = With
moment-there = { $time } in { $place }
moment-here = { $time } here
locked-title = From the ledger; cannot be edited
locked-note = Marked amounts and dates come from the books. They and the days overdue are those of the day on which the letter leaves.
asked-title = What it asks for
asked-caption = Receivables in this letter
spoken-title = What it is about
letter-history = What became of it
repair-open = Put it right
repair-title = Put { $number } right
repair-what = What was wrong with it
repair-show = Show the correction
repair-says = The correction leaves at once, at any hour. The step of the wrong letter stays in the history as void and counts as not taken, so it comes again when its time has come. Pause the buyer or the debt if it should not. What waits about the same debts is cancelled. A letter is put right once.
repair-copies = To those who got a copy
repair-do = Send the correction now
repair-severe = This letter is put right by whoever may approve severe letters.
ask-title = Ask the buyer about { $number }
ask-open = Ask the buyer
ask-what = What to ask
ask-debtor = Debtor, where it is not clear
ask-receivables = What the letter names, such as R-1042, R-1043; empty: what the payment speaks of
ask-show = Show the letter
ask-says = The letter leaves in the buyer's hours, with your approval. The same is asked once. Nobody is pressed for what it names until three days after the day it asks for. Then that ends by itself and a task reminds you. Booking the payment settles the question too.
ask-do = Send this question
ask-none = Choose a question and, where it is not clear, the debtor. Nothing that could be asked fits as it stands.
ask-may-not = Whoever works with the buyer sends it.
questions-title = Questions to buyers
question-by = Answer by
question-answer = Answer
question-answer-do = Note the answer
question-short = Why is it less than is open?
question-over = What to do with what came in on top?
question-which = What does the payment settle?
question-third-party = Was a payment in another name theirs?
question-currency = What does a payment in another currency settle?
question-discrepancy = Do they accept documents with a discrepancy?
discrepancy-open = Discrepancy
discrepancy-says = The bank refuses documents. The letter asks the buyer to accept them, and a task keeps the bank's day.
discrepancy-on = Day of the bank's notice
discrepancy-words = The bank's words
discrepancy-by = The bank waits until
discrepancy-do = Ask the buyer to accept them
wrong-send-wrong-send = It was sent by mistake
wrong-send-wrong-amount = It asked for a wrong amount
wrong-send-wrong-recipient = It went to the wrong person
letters-says = What goes out, and what went out in our name
letters-by-state = Letters by state
letters-none = No letters here
letters-none-next = When a receivable comes due, its letter appears here before it leaves.
letters-rehearsed = Safe mode: letters are written as rehearsals and stand among them, not here.
letter-state-all = All
letter-state-review = Awaiting approval
letter-state-queued = Queued
letter-state-to-paste = To paste
letter-state-sending = Leaving
letter-state-sent = Sent
letter-state-failed = Failed
letter-state-uncertain = Uncertain
letter-state-cancelled = Cancelled

## Debtors and receivables

debtors-count =
    { $n ->
         [one] 1 debtor with open money
        *[other] { $n } debtors with open money
    }
debtors-found =
    { $n ->
         [one] 1 debtor
        *[other] { $n } debtors
    } for “{ $search }”
debtors-stopped =
    { $n ->
         [one] 1 debtor gets no new goods although orders wait
        *[other] { $n } debtors get no new goods although orders wait
    }
debtors-platforms-say = Not among these sums: their buyers have paid.
debtors-stopped-none = Supply is stopped to nobody
debtors-stopped-none-says = Where it is stopped and orders wait, the buyers stand here.
debtors-caption = Debtors with overdue and open money
debtors-none = Nobody owes anything
debtors-none-next = Import orders, and who owes what appears here.
debtors-none-wait = Once somebody imports orders, who owes what appears here.
debtors-none-mine = No buyers are yours yet
debtors-none-mine-next = The owner or a manager hands buyers to you. New buyers that you import are yours at once.
import-go = Import a file
receivables = Receivables
receivables-caption = Receivables of this debtor
contacts = Contacts
contacts-none = Nobody is known here, so no letter can leave.
contacts-import = Import an address book
contact-open = Add a person
contact-name = Name
contact-role = What they do
contact-email = Email
contact-no-email = No email: cannot be written to
contact-phone = Phone
contact-language = Language
contact-language-usual = As the debtor or its country
contact-do = Add
contact-whatsapp = WhatsApp
contact-handle = Account on the marketplace
contact-zone-says = As in Europe/Rome; empty: that of the country
contact-change-open = Change
contact-change-says = What you enter here holds: a file that says otherwise is told so and does not overwrite it.
contact-change-do = Keep the changes
contact-retire-open = Not there any more
contact-retire-says = Nobody writes to this person any more, and letters that wait for them are cancelled. What was written stays, and they can be brought back.
contact-retire-why = Why (may be empty)
contact-retire-do = Write no more
contacts-former = Not there any more
contact-reinstate-do = Write to them again
clock-title = Which clock?
clock-several = This country has several clocks, from { $first } to { $last }. Letters wait for hours that fit all of them; with the right one they leave sooner.
clock-no-country = The country is not known, so letters keep your own hours.
clock-zone = Time zone
clock-zone-do = Use this clock
clock-whose = Of whom
clock-everybody = Everybody without one
clock-country = Country
clock-country-do = Keep the country
today-several-clocks = Where is this buyer? Letters wait for hours that fit all of { $country }.
today-no-country = Where is this buyer? The country is not known, so letters keep your own hours.
closed-days = Closed days
closed-none = None beside weekends and public holidays.
closed-open = Enter closed days
closed-says = Their own holidays or a stocktaking: letters wait until they have opened again.
closed-from = From
closed-to = To, this day included
closed-do = Keep them
closed-end = Take back
order-days = Days of the order
order-days-none = None is known yet.
order-day-open = Enter a day
order-day-says = For all receivables of the order. Steps of playbooks may count from it; an earlier day of the kind is replaced.
order-day-kind = Which day
order-day-date = Date
order-day-do = Keep the day
order-day-end = Take back
due-open = Correct the due date
due-says = For this amount alone. A file that only repeats the old date does not overwrite it.
due-date = Due on
due-do = Keep the due date
due-gone-open = It has not happened yet
due-gone-says = The day that started the clock was wrong: this amount waits again for what its terms name.
due-gone-do = Take the day back
talk-open = Log a talk
talk-says = A chat, a call, a talk at a fair: paste the words or add a picture. Promises, amounts and reasons in the words are shown to you next; nothing is entered without a click. Name the person: if they are ever erased, the talk goes with them.
talk-where = Where
talk-on = When
talk-contact = With whom
talk-nobody = nobody in particular
talk-text = What was said
talk-file = Picture or file (PNG, JPEG, PDF; at most 5 MB)
talk-asked-label = We asked for payment: it counts as a contact, like a call
talk-asked = asked for payment
talk-do = Log the talk
talk-title = A talk
talk-end = Take it back
talk-ended = This talk was logged by mistake and taken back. It counts no more.
talk-day = Day
talk-amount = Amount
talk-enter = Enter the promise
talk-no = No
talk-why-hint = If it is so, enter the reason on the page of the receivable.
talk-words = What was said
talk-erased = The words are gone with the person they named.
talk-picture = Picture of the talk
talk-amounts = Amounts in it
talk-picked-says = Found in the words, in English, Spanish and Chinese. It may be wrong, and pictures are not read.
talk-intent = What they mean
talk-intent-none = a talk; nothing in particular
talk-about = About
talk-about-late = everything that is late
talk-led-paid-already = If it is so, set it below: pressing then rests for ten days while the money is looked for.
talk-led-promises = Enter the promise: pressing then rests until its day.
talk-led-disputes = Enter the dispute: pressing then rests on the disputed part.
talk-led-asks-question = A task on Today asks you to answer within one working day.
talk-led-asks-for-papers = A task on Today asks you to send the papers within one working day.
talk-led-wrong-contact = The reason is noted. Enter the right person beside the contacts.
talk-led-short-of-cash = The reason is noted; the route for it answers the buyer.
talk-led-bargains = The reason is noted; nothing is conceded by the program.
talk-led-refuses = The reason is noted; the firm route takes over.
talk-led-objects-to-contact = The objection is noted: this person is asked for nothing any more.
talk-led-out-of-office = A machine answered; nothing follows from it.
talk-led-other = Nothing follows from it by itself.
talk-set-transit = It is paid: wait for the money
answer-see = See what they asked
grade = Grade
grade-says = Steers the tone of playbooks and who comes first on Today. It loosens no rule.
grade-label = How much this buyer is worth to us
grade-none = no grade
grade-gold = Gold
grade-silver = Silver
grade-bronze = Bronze
grade-do = Set the grade
field-evidence = Evidence
block-until = Last day (empty: until somebody ends it)
suppressed = address may not be used
suppression-kind-email = email address
suppression-kind-domain = whole domain
suppression-kind-phone = phone number
suppression-kind-in-site = marketplace account
suppression-reason-objection = asked for it
suppression-reason-bounced = bounced
suppression-reason-legal = legal
suppression-reason-wrong-person = wrong person
suppression-reason-by-hand = by hand
happened-open = Record the date
happened-says = The time for payment runs from: { $event }. For the whole order.
happened-date = On which day
happened-do = Record the date
objected = Asked not to be written to
objection-do = Asked not to be contacted
objection-withdraw = May be contacted again
own-playbook = Playbook
own-playbook-says = Holds for receivables that have not taken a step yet; the others go on as they began.
own-playbook-label = This debtor follows
own-playbook-none = The one that fits the order
own-playbook-do = Follow it
block-open = Block
block-says = Nothing is written to this debtor any more, until somebody unblocks them.
block-do = Block this debtor
unblock-do = Unblock
merge-open = Same company as another debtor
merge-says = Everything of the other debtor moves here: orders, amounts, people, letters. It can be taken back.
merge-label = Number of the other debtor
merge-do = Merge it into this one
merged-here = Merged into this debtor
separate-do = Separate again
of-order = Order { $order }
why-today = Why today
why-not-today = Why not today
next-look = Looked at again
ledger = Ledger
ledger-caption = Ledger lines with running outstanding
ledger-opening = Amount due
ledger-allocation = Payment
ledger-credit = Credit note
ledger-write-off = Written off
ledger-moved = Moved into instalments
ledger-fee = Fee of the platform
ledger-reversal = Taken back
ledger-take-back = Take it back
ladder-title = The ladder
ladder-due = Due { $date }
ladder-today = Today { $date }
rung-taken = Taken
rung-approval = Awaiting approval
rung-queued = Queued
rung-to-paste = To paste
rung-task = To do
rung-next = Next
rung-later = Later
rung-skipped = Skipped
rung-unneeded = Not needed
case-running = Running
case-paid = Paid
case-written-off = Written off
case-closed = Closed
case-ladder-done = Every step taken
case-handed-over = Handed over
case-plan-agreed = In instalments
verdict-letter = Letter
verdict-task = Task
verdict-approval = Awaiting approval
verdict-wait = Not today
verdict-closed = Closed
mark-pass = Passes
mark-stop = Stops
mark-wait = Waits
mark-shift = Moves
mark-note = Note
timeline = What happened
timeline-empty = Nothing has happened yet. Letters, answers, money and silences appear here.
still-open = open
silence-times = · { $n } times

## Holds, promises, disputes

pauses = Holds, promises, disputes
pauses-none = None: nothing pauses the letters.
pause-hold = Hold
pause-promise = Promise
pause-dispute = Dispute
pause-until-hold = until { $date }
pause-until-promise = by { $date }
pause-until-dispute = until { $date }
pause-end-hold = End the hold
pause-end-promise = Withdraw
pause-end-dispute = It is solved
pause-state-active = In force
pause-state-kept = Kept
pause-state-partly-kept = Partly kept
pause-state-broken = Broken
pause-state-ended = Ended
pause-state-solved = Solved
hold-open = Hold
hold-says = No letter asks for money until that day; then it goes on by itself.
hold-do = Hold until then
promise-open = Promise
promise-says = The letters pause for what is promised, until that day and a margin.
promise-about = What it is about
promise-about-all = Everything that is due
promise-do = Note the promise
dispute-open = Dispute
dispute-says = Only the disputed part is left out of the letters; a task to solve it appears.
dispute-do = Note the dispute
dispute-kind-quality = Quality
dispute-kind-quantity = Quantity
dispute-kind-delivery = Delivery
dispute-kind-price = Price
dispute-kind-papers = Papers
dispute-kind-other = Something else
credit-open = Credit
credit-says = Less is owed: a credit note or a lower price. It stays in the ledger and can be taken back.
credit-do = Note the credit
write-off-open = Write off
write-off-says = This money is given up: nothing is asked for it any more. It stays in the ledger and can be taken back.
write-off-do = Write it off
plan-open = Instalments
plan-says = Instalments in place of what is open. You see days and amounts before they are agreed.
plan-count = How many
plan-first = First day
plan-every-days = Days from one to the next (empty: a month)
plan-late-days = Days late that break the plan
plan-all-due = Agreed: all that is left is due at once then
plan-words = What was said
plan-preview-do = See the instalments
plan-page-title = Instalments for { $reference }
plan-rows = Days and amounts
plan-rows-says = Change what was agreed otherwise; empty rows do not count. Together they are what is open.
plan-col-nth = Instalment
plan-col-amount = Amount, { $currency }
plan-col-state = State
plan-agree-do = Agree these instalments
plan-back = Back
plan-title = Payment plan
plan-state-open = Running
plan-state-kept = Kept
plan-state-broken = Broken
plan-part = Instalment { $nth } of { $of } of the plan for
plan-in-place = These instalments stand in its place; each has letters of its own.
plan-breaks = The plan is broken when one is unpaid { $days } days after its day.
plan-breaks-all = All that is left is due at once then.
plan-end-open = End the plan
plan-end-says = Nothing was paid on it yet: the amount is owed as before, and the instalments are closed.
plan-end-do = End it
field-until = Until
field-reason = Reason
field-amount = Amount
field-promised-day = Promised day
field-note = Note
field-kind = About
field-what-they-say = What they say
field-receivable = Receivable or invoice number
field-uses = Only this much of it, in { $currency }
field-settles = Settles, in { $currency }
field-settles-other = Settles, if owed in another currency

## Why it is unpaid, and turns of a case

unpaid-title = Why is it unpaid?
unpaid-none = Not known yet. Once it is, the letters go by it.
unpaid-since = since { $when }
unpaid-by = noted by { $name }
unpaid-open = Why unpaid?
unpaid-choose = Choose
unpaid-words = What they say
unpaid-do = Keep this reason
unpaid-clear = Not known any more
unpaid-before = Known before
unpaid-until = { $from } to { $to }
turn-title = The case
turn-state = Where it stands
turn-restart-open = Begin anew
turn-restart-says = The steps taken so far count no more, and the first one comes again. Once for each case; a second time only the owner may.
turn-restart-sure = Yes, begin with the first step
turn-restart-do = Begin anew
turn-hand-open = Hand over
turn-hand-says = Nothing is sent from here any more, and waiting letters are cancelled. A payment still ends the case.
turn-hands = To
turn-name = Name
turn-hand-do = Hand it over
turn-back-open = Take back
turn-back-says = It goes on here, where it was left.
turn-back-do = Take it back
turn-step-open = Was done before
turn-step-says = A step that was done before this program knew of the debt. The next step is the one after it.
turn-step = Step
turn-day = On
turn-step-do = Keep as done
turn-step-wrong = Was a mistake
other-hands-lawyer = Lawyer
other-hands-agency = Collection agency
other-hands-mediator = Mediator
other-hands-insurer = Credit insurer

## Orders and money

orders-count =
    { $n ->
         [one] 1 order
        *[other] { $n } orders
    }
orders-search = Find an order
orders-by-source = Orders by source
orders-caption = Orders with the state of their money
orders-none = No orders here
orders-none-next = Import them, or choose another source.
orders-none-wait = Choose another source, or wait until somebody imports them.
orders-awaiting = Orders with an amount that is not due until { $trigger } is known. Open the amount to enter the day.
orders-awaiting-all = All orders
money-state-paid = Paid
money-state-part = Partly paid
money-state-late = Late
money-state-due = Due
money-state-waiting = Not due yet
money-state-closed = Closed
money-says = Whose payment is this?
unmatched-title = Payments without a place
unmatched-none = Every payment has its place.
payment-title = Payment { $number }
payment-text = Text
payer-unknown = Payer not named
candidates-none = Nothing open fits it. Say where it belongs, or leave it until you know.
do-match = Match { $currency } { $amount }
match-here = Match to this one
candidates-more =
    { $n ->
         [one] 1 other possible place
        *[other] { $n } other possible places
    }
match-other = Somewhere else
match-do = Match
match-other-says = As much as fits is matched. If it is owed in another currency, say how much of it this payment settles.
aside-open = Not a customer’s money
aside-open-rest = The rest is nobody’s
aside-says = It is set aside and silences nobody any more. What is placed stays where it is.
aside-do = Set it aside
rest-aside = { $currency } { $amount } set aside
paid-for-other = Paid in another name for { $name }
other-payer-says = Paid in another name: { $payer }. Ask whether it is meant for this.
payment-rest-says = { $currency } { $amount } came on top of what was owed. Place it on another invoice, leave it here for the next one, or give it back and set it aside.
together-says = Its text names these { $n }, and together they are its amount exactly.
together-do = Place on all { $n }
charges-title = Bank charges?
charges-says = Only { $currency } { $amount } would stay open, so little that banks on the way may have kept it.
charges-place-do = Place it and write { $currency } { $amount } off as bank charges
charges-ask-do = Place it, decide later
charges-press-do = Place it and keep asking
charges-do = Write { $currency } { $amount } off as bank charges
charges-keep-do = Keep asking for it
charges-waits = Finance or the owner decides whether it is written off.
charges-rests = Nobody is pressed for it until:
charges-asked-for = It is asked for like every other amount.
received-by = by, day not known:
decide-at = Decide on { $number }
match-reference = Its number in the text
match-amount = Exact amount
match-person = A person
match-import = Import
match-payout = Payout
matched-title = Found their place
matched-none = No payment has been matched yet. What a bank statement brings finds its place here.
imports-title = Bank statements read
imports-none = None yet.
imports-go = Read a bank statement
import-problems =
    { $n ->
         [one] 1 line could not be read
        *[other] { $n } lines could not be read
    }
accounts-title = Bank accounts
accounts-say = A debt may have been paid into any of them, so nothing presses past the day up to which all are read.
account-covered = all read up to
account-missing = { $account }: no statement tells of { $from } to { $to }. Nothing presses that could have been paid since; import that statement.
account-retired = used no longer; nothing waits for its statements
account-retire = No longer used
account-use = Used again
account-go-on = Go on without these days

## When something goes wrong

statement-not-kept = The account statement that went along with this letter is not kept any more
trouble-title = Error { $status }
trouble-where = Where
trouble-incident = For support
trouble-what-missing = There is nothing here
trouble-next-missing = The number may be mistyped, or the link is old. Search for the name, or begin at Today.
trouble-what-refused = This was refused
trouble-next-refused = Your role does not allow it. Ask the owner or a manager.
trouble-what-input = Something in the form does not fit
trouble-next-input = Nothing was changed. Go back, mend it, and send it again.
trouble-what-changed = It has changed meanwhile
trouble-next-changed = Nothing was changed by you. Open it again to see how it stands now.
trouble-what-ours = Something went wrong on our side
trouble-next-ours = Nothing was sent. Try again; if it stays, give the number below to whoever runs this machine.

## The page of components

ui-title = Components
ui-says = One of everything, for whoever changes it
ui-buttons = Buttons
ui-pills = Marks
ui-figures = Figures
ui-notices = Notices and reasons
ui-letter = Letter
ui-pictures = Pictures

## Cities that stand for a time zone


## Countries (ISO 3166; names after Unicode CLDR)

country-AD = Andorra
country-AE = United Arab Emirates
country-AF = Afghanistan
country-AG = Antigua & Barbuda
country-AI = Anguilla
country-AL = Albania
country-AM = Armenia
country-AO = Angola
country-AR = Argentina
country-AS = American Samoa
country-AT = Austria
country-AU = Australia
country-AW = Aruba
country-AZ = Azerbaijan
country-BA = Bosnia
country-BB = Barbados
country-BD = Bangladesh
country-BE = Belgium
country-BF = Burkina Faso
country-BG = Bulgaria
country-BH = Bahrain
country-BI = Burundi
country-BJ = Benin
country-BM = Bermuda
country-BN = Brunei
country-BO = Bolivia
country-BR = Brazil
country-BS = Bahamas
country-BT = Bhutan
country-BW = Botswana
country-BY = Belarus
country-BZ = Belize
country-CA = Canada
country-CD = Congo - Kinshasa
country-CF = Central African Republic
country-CG = Congo - Brazzaville
country-CH = Switzerland
country-CI = Côte d’Ivoire
country-CL = Chile
country-CM = Cameroon
country-CN = China
country-CO = Colombia
country-CR = Costa Rica
country-CU = Cuba
country-CV = Cape Verde
country-CW = Curaçao
country-CY = Cyprus
country-CZ = Czechia
country-DE = Germany
country-DJ = Djibouti
country-DK = Denmark
country-DM = Dominica
country-DO = Dominican Republic
country-DZ = Algeria
country-EC = Ecuador
country-EE = Estonia
country-EG = Egypt
country-ER = Eritrea
country-ES = Spain
country-ET = Ethiopia
country-FI = Finland
country-FJ = Fiji
country-FM = Micronesia
country-FO = Faroe Islands
country-FR = France
country-GA = Gabon
country-GB = UK
country-GD = Grenada
country-GE = Georgia
country-GH = Ghana
country-GI = Gibraltar
country-GL = Greenland
country-GM = Gambia
country-GN = Guinea
country-GP = Guadeloupe
country-GQ = Equatorial Guinea
country-GR = Greece
country-GT = Guatemala
country-GU = Guam
country-GW = Guinea-Bissau
country-GY = Guyana
country-HK = Hong Kong
country-HN = Honduras
country-HR = Croatia
country-HT = Haiti
country-HU = Hungary
country-ID = Indonesia
country-IE = Ireland
country-IL = Israel
country-IM = Isle of Man
country-IN = India
country-IQ = Iraq
country-IR = Iran
country-IS = Iceland
country-IT = Italy
country-JE = Jersey
country-JM = Jamaica
country-JO = Jordan
country-JP = Japan
country-KE = Kenya
country-KG = Kyrgyzstan
country-KH = Cambodia
country-KI = Kiribati
country-KM = Comoros
country-KN = St. Kitts & Nevis
country-KP = North Korea
country-KR = South Korea
country-KW = Kuwait
country-KY = Cayman Islands
country-KZ = Kazakhstan
country-LA = Laos
country-LB = Lebanon
country-LC = St. Lucia
country-LI = Liechtenstein
country-LK = Sri Lanka
country-LR = Liberia
country-LS = Lesotho
country-LT = Lithuania
country-LU = Luxembourg
country-LV = Latvia
country-LY = Libya
country-MA = Morocco
country-MC = Monaco
country-MD = Moldova
country-ME = Montenegro
country-MG = Madagascar
country-MH = Marshall Islands
country-MK = North Macedonia
country-ML = Mali
country-MM = Myanmar
country-MN = Mongolia
country-MO = Macao
country-MQ = Martinique
country-MR = Mauritania
country-MT = Malta
country-MU = Mauritius
country-MV = Maldives
country-MW = Malawi
country-MX = Mexico
country-MY = Malaysia
country-MZ = Mozambique
country-NA = Namibia
country-NC = New Caledonia
country-NE = Niger
country-NG = Nigeria
country-NI = Nicaragua
country-NL = Netherlands
country-NO = Norway
country-NP = Nepal
country-NR = Nauru
country-NZ = New Zealand
country-OM = Oman
country-PA = Panama
country-PE = Peru
country-PF = French Polynesia
country-PG = Papua New Guinea
country-PH = Philippines
country-PK = Pakistan
country-PL = Poland
country-PR = Puerto Rico
country-PS = Palestine
country-PT = Portugal
country-PW = Palau
country-PY = Paraguay
country-QA = Qatar
country-RE = Réunion
country-RO = Romania
country-RS = Serbia
country-RU = Russia
country-RW = Rwanda
country-SA = Saudi Arabia
country-SB = Solomon Islands
country-SC = Seychelles
country-SD = Sudan
country-SE = Sweden
country-SG = Singapore
country-SI = Slovenia
country-SK = Slovakia
country-SL = Sierra Leone
country-SM = San Marino
country-SN = Senegal
country-SO = Somalia
country-SR = Suriname
country-SS = South Sudan
country-ST = São Tomé & Príncipe
country-SV = El Salvador
country-SY = Syria
country-SZ = Eswatini
country-TC = Turks & Caicos Islands
country-TD = Chad
country-TG = Togo
country-TH = Thailand
country-TJ = Tajikistan
country-TL = Timor-Leste
country-TM = Turkmenistan
country-TN = Tunisia
country-TO = Tonga
country-TR = Turkey
country-TT = Trinidad & Tobago
country-TV = Tuvalu
country-TW = Taiwan
country-TZ = Tanzania
country-UA = Ukraine
country-UG = Uganda
country-US = US
country-UY = Uruguay
country-UZ = Uzbekistan
country-VA = Vatican City
country-VC = St. Vincent & Grenadines
country-VE = Venezuela
country-VG = British Virgin Islands
country-VI = U.S. Virgin Islands
country-VN = Vietnam
country-VU = Vanuatu
country-WS = Samoa
country-XK = Kosovo
country-YE = Yemen
country-ZA = South Africa
country-ZM = Zambia
country-ZW = Zimbabwe

# Before the door
entrance-title-sign-in = Sign in
entrance-lead-sign-in = Your list for today is waiting.
entrance-do-sign-in = Sign in
entrance-title-firm = Which firm?
entrance-title-code = One more step
entrance-lead-firm = You work in several firms with this address. Where to?
entrance-lead-code = Type the six digits that your authenticator app shows now.
entrance-do-firm = Come in
entrance-do-code = Go in
entrance-title-set-up = Set up your firm
entrance-lead-set-up = You become its owner, with every right. Nothing is sent until you say so.
entrance-do-set-up = Begin
entrance-title-owner-safe = Become its owner
entrance-lead-owner-safe = The firm is there already and has no people yet. You become its owner, with every right. Safe mode is on: nothing reaches a buyer until you end it.
entrance-title-owner-live = Become its owner
entrance-lead-owner-live = The firm is there already and has no people yet. You become its owner, with every right. Safe mode is off: letters that are due leave while the program runs.
entrance-title-join = Welcome
entrance-lead-join = Choose a password, and you are in.
entrance-do-join = Go in
entrance-title-closed = This door is closed
entrance-lead-closed = The address has been used, has run out, or was copied only in part. Ask whoever sent it for a new one; on the first day it stands where the program was started.
entrance-demo = Look around as
entrance-company = Name of the firm, as it signs
entrance-name = Your name
entrance-email = Email address
entrance-password = Password
entrance-new-password = Choose a password
entrance-password-hint = Ten characters or more. Four words that do not belong together are easy to remember and hard to guess.
entrance-code = Code
entrance-wrong = Address or password is not right. Check both, and the Caps Lock key.
entrance-later = Too many attempts from here. Try again in { $minutes } { $minutes ->
    [one] minute
   *[other] minutes
  }.
entrance-set-up-closed = Open the address that the program printed when it was started; the code in it opens this page.
sign-out = Sign out

# Roles and rights
role-sales = Sales
role-manager = Manager
role-finance = Finance
role-owner = Owner
role-auditor = Auditor
may-not-see = You may not look at this.
may-not-see-everybody = You see your own buyers only.
may-not-work = You may look, but not work with buyers. Ask a colleague in sales.
may-not-approve-severe = A severe letter, or other hands for a case, needs the yes of the owner or a manager.
may-not-money = Where money belongs is for finance or the owner to say.
may-not-lower = Credits and write-offs are for finance or the owner.
may-not-import = You may not bring in files.
may-not-assign = People, moving buyers, merging them and stopping contact are for the owner and managers.
may-not-settings = The settings are the owner's.
may-not-bank-accounts = The firm's bank accounts are for finance and the owner.
may-not-users = Who works here is for the owner to say.
may-not-audit-log = The log is for the owner and the auditor.
may-not-data = Copies, exports and erasing are the owner's.
waits-for-approver = Waits for the yes of the owner or a manager.
waits-for-colleague = Waits for a colleague in sales.

## Search: a page, and the list of the palette

search-title = Find
search-says = Names, customer numbers, invoices, orders, letters and payments.
search-for = For “{ $search }”
hits-places = Pages
hits-debtors = Debtors
hits-receivables = Invoices and orders
hits-letters = Letters
hits-payments = Payments
hits-actions = On this page
hits-all = Show all of them
hits-more = There are more: type more of the name or number.
hit-exact = Exactly this

## Beside the door

entrance-claim = Who owes, why, and what happens next.
entrance-point-why = Every letter says why it goes out today; every silence says why it does not.
entrance-point-silence = What is known to be paid, promised or disputed is not pressed for.
entrance-point-yours = Severe letters wait for a person’s approval. The data stays on the machine on which your firm runs the program.
entrance-or = or with your own address
role-says-sales = Own buyers: letters, calls, promises
role-says-manager = All buyers; says yes to severe letters
role-says-finance = The money, credits, bank accounts
role-says-owner = Everything
role-says-auditor = Reads everything, changes nothing
ui-search = Search and palette
ui-toasts = Toasts
waits-for-finance = Waits for finance or the owner: they say whose money it is.

## Looking ahead and back

look-tabs = Playbooks: what they would do
look-ahead-title = Looking ahead
look-ahead-about = What will be sent in the next days, to whom, and how much work it makes. Nothing is sent or written by looking.
look-back-title = Back-test
look-back-about = What playbooks would have done in days that are over, beside what really was sent.
look-days = Days
look-from = First day
look-to = Last day
look-with = With
look-against = Compared with
look-against-nothing = Nothing
look-playbooks-used = the playbooks in use
look-playbooks-shipped = the shipped playbooks
look-do = Look
look-problem-count = The number of days lies between 1 and 400.
look-problem-order = The first day lies after the last one.
look-problem-too-many = These are more than 400 days. Take a part of them.
look-problem-future = The last day has not come yet. Looking back needs days that are over.
look-problem-too-early = A day before the year 2000 is a slip of the pen.
look-problem-no-day = Both days have to be given, as 2026-01-31.
look-found-ahead = { $from } to { $to }: { $letters } letters leave; { $debtors } debtors were looked at.
look-found-back = { $from } to { $to }: { $letters } letters would have left; { $debtors } debtors were looked at.
look-assumed = What is assumed
look-assume-approvals =
    { $hours ->
         [one] A letter that awaits approval gets it within the hour; calls are made at the moment they are planned for.
        *[other] A letter that awaits approval gets it after { $hours } hours; calls are made at the moment they are planned for.
    }
look-assume-nobody-pays = Nobody pays, and no new orders come in.
look-assume-promises = Promises that are open run out and count as broken.
look-assume-statements = Bank statements go on coming as they do now.
look-assume-safe-mode = Letters leave, also while the firm is in safe mode.
look-assume-recorded = Payments, promises, holds and disputes come in on the day they were recorded.
look-assume-anew = Every case begins on the first day without a step; old debts begin with the first reminder.
look-assume-answers = Buyers would have answered otherwise to other letters. What they did is taken as it was.
look-refused = { $number }: the check refused a plan ({ $what }). Nothing of it was counted.
look-cut-short = { $number } woke without end, and was broken off. What comes after is missing.
look-kinds-letter = Letters
look-kinds-approval = Approvals
look-kinds-call = Calls
look-kinds-task = Tasks
look-kind-letter = Letter
look-kind-approval = Approval
look-kind-call = Call
look-kind-task = Task
look-some-letter =
    { $n ->
         [one] 1 letter
        *[other] { $n } letters
    }
look-some-approval =
    { $n ->
         [one] 1 approval
        *[other] { $n } approvals
    }
look-some-call =
    { $n ->
         [one] 1 call
        *[other] { $n } calls
    }
look-some-task =
    { $n ->
         [one] 1 task
        *[other] { $n } tasks
    }
look-comma = { ", " }
look-day = { $date }: { $what }
look-day-nothing = { $date }: nothing
look-picture = Day by day with { $playbooks }: { $what } in all.
look-picture-nothing = Day by day with { $playbooks }: nothing happens.
look-highest = Highest bar: { $n }
look-really-sent = Really sent
look-table = Each day with its numbers
look-col-day = Day
look-col-time = Time
look-col-what = What
look-col-other = { $what }, compared
look-standing-title = Where cases stand at the end
look-standing-waiting-on-us = Wait on us
look-standing-waiting-on-buyer = Wait on the buyer
look-standing-ladder-done = Have taken every step
look-standing-in-other-hands = In other hands
look-standing-settled = Settled
look-stand-waiting-on-us = { $n } on us
look-stand-waiting-on-buyer = { $n } on the buyer
look-stand-ladder-done = { $n } with every step taken
look-stand-in-other-hands = { $n } in other hands
look-stand-settled = { $n } settled
look-standings-title = On whom cases wait
look-standings = Where cases stand at the end of each day; on the last: { $what }.
look-standings-nothing = No case runs in these days.
look-standings-table = Each day with where cases stand at its end
look-days-title = What goes to whom
look-more =
    { $n ->
         [one] 1 more is counted and not listed. The command line writes all of them into a workbook.
        *[other] { $n } more are counted and not listed. The command line writes all of them into a workbook.
    }
look-nothing = Nothing happens in these days
look-nothing-next = Every buyer has paid, promised, or is not due yet. Take more days.

## New goods, credit, risks

supply-title = New goods and credit
supply-orders = Orders that have not left
supply-exposure = Open in all
supply-limit = Credit limit
supply-limit-none = None
supply-idle = A decision holds that changes nothing now.
supply-end = Take the decision back
supply-allow-open = Supply nevertheless
supply-allow-says = New goods may leave until this day, although a debt is overdue. It ends by itself and stands in the log with your name.
supply-allow-do = Supply nevertheless
supply-stop-open = Stop new goods
supply-stop-says = Production, loading and dispatch wait, whatever is overdue: until this day, or until somebody takes it back.
supply-stop-until = Until (may stay empty)
supply-stop-do = Stop new goods
limit-open = Set a credit limit
limit-says = Where more is open than this, orders warn. An empty amount takes the limit away.
limit-do = Set the limit
risks-title = Risks of open orders
risks-order-title = Risks of this order
import-risks = Orders of this file warn of:
order-held = No new goods
order-risks =
    { $n ->
         [one] 1 risk
        *[other] { $n } risks
    }
today-stop =
    { $n ->
         [one] Stop supply to { $name }: 1 open order
        *[other] Stop supply to { $name }: { $n } open orders
    }
today-stops = Stop supply to { $n } buyers: { $orders } open orders
today-stops-at-least = Stop supply to more than { $n } buyers: more than { $orders } open orders

## Products and stock

products-count =
    { $n ->
        [one] { $n } article
       *[other] { $n } articles
    }
products-search = Find an article
products-by-stock = Articles by stock
products-caption = Articles with price and stock
products-none = No articles here
products-none-next = Import your catalogue, or choose another list.
products-none-wait = Choose another list, or wait until somebody imports the catalogue.
products-tab-all = All
products-tab-available = In stock
products-tab-gone = None in stock
products-tab-inactive = Not on sale
product-article = Article
product-category = Category
product-price = Price
product-stock = In stock
product-state = State
stock-state-available = in stock
stock-state-gone = none left
stock-state-unknown = not counted
stock-state-inactive = not on sale
product-stock-unknown = not known
product-on-platform = See it on the platform
product-platform-id = Article ID on the platform
product-about = What is known of it
product-count-open = Enter a count
product-count-says = Holds until a file says another number than before.
product-count-do = Keep the count
similar-title = Could stand in for it
similar-says = Your own choice first, then the same category, a near price, the same attributes and similar titles. Only what is in stock.
similar-none = Nothing in stock is like it. Choose an article yourself.
similar-pinned = your choice
similar-in-stock = { $n } in stock
similar-pin = Offer first
similar-unpin = Offer first no more
similar-pin-other = SKU of another article
similar-resting = Chosen, and not in stock now
stock-history = Changes of stock
stock-history-none = Nobody has said yet how many there are.
stock-kind-file = file
stock-kind-by-hand = counted

## The running order

board-title = Order board
board-says = What runs out first stands on top: the ship-by of what has to leave, a day for every answer, the buyer’s protection of what is on its way.
board-all-orders = All orders and their money
board-by-state = Orders by state
board-sort-clock = What runs out first
board-sort-expected = Expected first
board-open = Open
board-none = No orders here
board-none-next = Choose another state, or wait for the next reading of the shop.
board-caption = Orders with the clocks that run on them
board-clocks = Clocks
board-goods = Goods
board-number = Tracking number
board-number-of = Tracking number of order { $number }
board-choose = Choose order { $number }
board-first = First page
board-do-in-stock = In stock
board-do-out-of-stock = Out of stock
board-do-hold = Hold dispatch
board-do-release = Release
board-do-ship = Mark as shipped
board-hold-why = Why it stays here
board-hold-until = Last day (empty: until released)
board-ship-says = For the orders you chose, each with the tracking number entered beside it.
board-carrier = Carrier
board-carrier-unknown = Not known
order-clock-ship-by = Ship
order-clock-answer = Answer
order-clock-protection = Protection ends
order-clock-over-ship-by = Dispatch overdue
order-clock-over-answer = Answer overdue
order-clock-over-protection = Protection has ended
order-clock-hours =
    { $n ->
        [one] in 1 hour
       *[other] in { $n } hours
    }
order-clock-days =
    { $n ->
        [one] in 1 day
       *[other] in { $n } days
    }
order-goods-none = What is in this order is not known.
order-parcels = Parcels
order-platform-owes = The platform owes
platform-owes-says = The buyer has paid; nothing is asked for.
order-parcels-none = Nothing has left yet.
order-story = What happened
order-story-none = Nothing was told of this order yet.
order-asks = Open with the buyer
order-ask-holds = holds dispatch
order-ask-settled = Settled: { $what }
order-asks-none = Nothing is open with the buyer.
order-ask-costs = costs the buyer
order-ask-missing = It lacks:
order-ask-read = Read out of the answer
order-ask-same = It says what is known already.
order-ask-yes = The buyer says yes.
order-ask-no = The buyer says no.
order-ask-apply = Take over
order-ask-drop = Set aside
order-ask-answer = Put in an answer
order-ask-answer-text = The buyer’s words
order-ask-answer-hint = One field on a line, as “Postcode: 20121”, or a plain yes or no. Nothing is taken over before you have looked.
order-ask-answer-do = Read the answer
order-ask-end = End without an answer
order-ask-end-how = How it ends
order-ask-end-why = Why
order-ask-end-hint = Needed to let it go without an answer and to refuse.
order-ask-end-do = End it
order-ask-raise = Ask, or note a wish
order-ask-raise-kind = What about
order-ask-raise-words = In words
order-ask-raise-amount = What it costs the buyer
order-ask-raise-amount-hint = For a surcharge, a remote area or several parcels.
order-ask-raise-currency = Currency
order-ask-raise-holds = Nothing leaves before it is settled
order-ask-raise-do = Open it
order-written = Written by the buyer
order-written-empty = A message without words, perhaps a picture: it stands in the chat of the platform.
order-written-done = Answered
order-hold-declined = The buyer does not pay the surcharge
order-line-wrote = The buyer wrote
order-stands = How it stands
order-stands-untold = Nobody has told yet.
order-stands-say = Note what has happened
order-stands-says = For a shop that is not connected, or has not told it yet. Only what is possible from here is offered.
order-stands-word = What has happened
order-stands-on = On which day
order-stands-why = Why, if it is the end
order-stands-why-none = Not said
order-stands-do = Note it
order-end-unpaid = Not paid in time
order-end-risk-control = The platform did not let the payment pass
order-end-buyer = By the buyer
order-end-seller = By us
order-end-other = Something else
order-holds = Kept here
order-hold-until = until { $day }
order-hold-open = until released
order-line-held = Held here
order-line-released = Released
order-why-none = Nothing is planned for this order.
order-news-placed = Placed
order-news-risk-control = Platform checks the payment
order-news-paid = Paid
order-news-in-stock = In stock
order-news-out-of-stock = Out of stock
order-news-part-shipped = Partly shipped
order-news-shipped = Shipped
order-news-delivered = Delivered
order-news-completed = Completed
order-news-frozen = Frozen by the platform
order-news-in-dispute = Dispute opened
order-news-cancelled = Cancelled
order-news-closed = Closed by the platform
parcel-moved = Last moved
parcel-quiet =
    { $n ->
        [one] 1 day without movement
       *[other] { $n } days without movement
    }
parcel-expected = expected by
parcel-correct = Correct the number
parcel-correct-says = For a wrong or replaced number of this parcel. It counts as one parcel, and nothing more is told under the old number. 
parcel-unclear = Several numbers of this order changed at once. Which one did this parcel have before?
parcel-unclear-says = Once you say so, the buyer is told of the new number. Until then the message about it waits for your yes and names no former number.
parcel-unclear-own = none: it is a parcel of its own
parcel-unclear-do = Say so
parcel-follow = Follow it
platform-title = What platforms owe
platform-says = Orders that their buyers paid and that the platform has yet to pay out. Expected is paid out, kept, taken back and open together; what is missing to it was settled otherwise.
platform-usual =
    { $days ->
        [one] Nine of ten of your last { $payouts } payouts came within one day of completion; what is open longer is late.
       *[other] Nine of ten of your last { $payouts } payouts came within { $days } days of completion; what is open longer is late.
    }
platform-usual-unknown = When a payout is late is known once { $n } payouts of completed orders are in.
platform-shown = Which orders
platform-shown-open = Open
platform-shown-late = Late
platform-shown-all = All
platform-none = Nothing here
platform-none-next = Once a buyer has paid a marketplace order, the platform owes it until its payouts are taken in.
platform-caption = Orders with what is expected of the platform, what it paid out and what it still owes
platform-open-of =
    { $n ->
        [one] Open, one order
       *[other] Open, { $n } orders
    }
platform-late-of =
    { $n ->
        [one] Late, one order
       *[other] Late, { $n } orders
    }
platform-expected = Expected
platform-since = Since
platform-paid = Paid
platform-completed = Completed
platform-untold = Not told when it was paid
platform-by = Usually by
platform-late = Late
platform-settled = Settled
parcels-title = Parcels in trouble
parcels-says = The carrier reports trouble, or nothing has moved for seven days. What moved longest ago stands on top.
parcels-none = No parcel is in trouble
parcels-none-says = All that are on their way are moving.
shipment-task-check-number = Compare the number with the label
shipment-task-choose-carrier = Choose the carrier
shipment-task-give-information = Give customs what they ask for
shipment-task-correct-address = Get the right address and give it to the carrier
shipment-task-ask-carrier = Ask the carrier what happened
shipment-task-settle-return = Send it again, or give the money back
shipment-task-claim-loss = Claim the loss, then send another or give the money back
shipment-task-claim-damage = Claim the damage and settle it with the buyer
shipment-task-read-status = Read what the carrier says
stock-out-open = Something is missing
stock-out-title = Out of stock: order { $order }
stock-out-which = Which goods are missing?
stock-out-look = See what could stand in
stock-out-letter = What the buyer will read
stock-out-letter-says = Sent by the playbook once you mark the goods; until then nothing leaves.
stock-out-letter-none = Nobody is known to write to.
stock-out-do = Mark as out of stock
