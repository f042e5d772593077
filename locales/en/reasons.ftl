### Why something happens, and why nothing does: one sentence per reason code. A message id is the code with "." and
### "_" written as "-". Variables arrive formatted for the reader's language.

## Gates: why no letter asks for this money

gate-paid = { $number } is paid in full, so nothing is asked for any more.
gate-written-off = What was open on { $number } has been written off, so nothing is asked for any more.
gate-closed = { $number } is closed, so nothing is asked for any more.
gate-hold = On hold until { $until } ({ $why }); pressing starts again by itself after that day.
gate-dispute = The buyer disputes { $amount } ({ $why }), which is all that is open; pressing waits until this is solved.
gate-dispute-part = The buyer disputes { $amount } ({ $why }); letters ask only for the other { $rest }.
gate-promise = The buyer promised { $amount }; pressing waits until { $until }.
gate-promise-part = The buyer promised { $amount }, which is left in peace until { $until }; letters ask only for the other { $rest }.
gate-unmatched-money = Payment { $payment } of { $amount } from { $payer }, received on { $date }, could be this buyer's; nothing is asked for until it has its place or is set aside.
gate-stale-facts = The bank statements reach only to { $covered_to }, and may be at most this many days old: { $max_days }. Import newer ones first, because the money may already be in.
gate-lost-statements = The database was restored from a backup, and the bank statements reach only to { $covered_to }. Import them up to { $needed } at least, because money may have come in that is not known here.
gate-objection = The contact for { $role } asked not to be contacted about payments, and there is nobody else to write to.
gate-blacklist = This buyer is on the blacklist, so only formal steps made by hand are possible.
gate-platform-owes = The buyer has paid the platform, and the platform owes us the money; there is nothing to ask the buyer for.

gate-seller-fault = It is unpaid because something on our side has to be made good first; pressing waits until that is settled.
gate-in-transit = The buyer said on { $since } that it is paid; pressing waits until { $until } while the money is looked for.

## Gates passed

pass-paid = { $outstanding } is still open.
pass-hold = Nothing is on hold.
pass-dispute = The buyer disputes nothing here.
pass-promise = No promise is running.
pass-unmatched-money = No unmatched money could be this buyer's.
pass-stale-facts = The books are fresh enough.
pass-objection = The person to write to has not objected.
pass-blacklist = The buyer is not on the blacklist.

## Where the case stands

case-awaits-trigger = The clock has not started: the due date runs from this event, which is not recorded yet: { $trigger }.
case-letter-waiting = A letter is already waiting and leaves at { $send_at }.
case-letter-to-paste = A message waits to be pasted into the chat by a person; nothing more goes out until then.
case-letter-uncertain = A letter may or may not have left; nothing more goes out until this is cleared up.
case-approval-waiting = A letter waits for a person to approve it.
case-task-waiting = A task of this case is still open; the next step waits for it.
case-no-playbook = No playbook fits this amount, so nothing is sent; choose one for the buyer or add one.
case-ladder-done = Every step has been taken; a person decides what comes next.
case-handed-over = It was handed over to others; nothing is written from here, and payment ends it.
case-plan-agreed = Instalments were agreed; each of them has its own clock.
case-playbook = It follows the playbook “{ $playbook }”.

## Steps

step-due = The step “{ $step }” has been due since { $since } (days past the due date: { $days_overdue }).
step-next = The next step is “{ $step }”, at { $at }.
step-missed-collapsed = Several steps fell due while nothing was sent; only the right one is taken (passed over: { $count }).
step-condition-false = The step “{ $step }” is skipped, because its condition does not hold: { $condition }.
step-condition-unreadable = The condition of the step “{ $step }” cannot be evaluated ({ $condition }): { $error }. The step waits until the playbook is corrected.
step-severe = “{ $step }” is a severe step, so a named person has to approve it each time.
step-two-persons = “{ $step }” is a severe step that two persons have to approve, each time.
step-review = “{ $step }” is set to be looked at by a person before it leaves.

step-below-minimum = A warning of level { $level } is not worth it: { $overdue } is overdue, and it asks for { $least } at least, or { $share } % of all that is open.
route-taken = The route “{ $route }” is followed, because of the reason it is unpaid: { $unpaid_why }.
route-fits = The route “{ $route }” is followed, because it fits this buyer.
route-done = The route “{ $route }” has been walked to its end.

## Contact rules

contact-gap = The last contact was at { $last }; to keep the least gap, the next one is possible from { $next }.
contact-ceiling = The ceiling of contacts is reached ({ $count } within { $days } days); the next one is possible from { $next }.
contact-window = It is { $local } where the buyer is ({ $zone }), outside the hours for writing; the letter waits until { $next }.
contact-holiday =
    { $certainty ->
        [estimated] It will be { $holiday } in { $where } on { $day } (the date is an estimate); the letter waits until { $next }.
       *[fixed] It is { $holiday } in { $where } on { $day }; the letter waits until { $next }.
    }
contact-zone-unknown = The buyer's time zone is not known (country: { $country }), so our own clock is used; please enter the country or the time zone.
contact-role-chosen = The letter goes to the contact for { $role }: the first this step prefers who can be reached.
contact-fell-through = The buyer cannot be reached by this channel: { $from }; this one is used instead: { $to }.
contact-nobody = Nobody at the buyer's can be reached by the channels of this step ({ $channels }); a task asks a person to find a contact.

## Letters

letter-consolidated = One letter covers everything this buyer owes in this currency (number of amounts: { $count }).
letter-after-restore = The database was restored from a backup on { $restored }; this letter may have left before that, so a person has to look.
letter-language-fallback = There is no letter in the buyer's language yet ({ $wanted }), so it is written in English.

## Letters taken back

cancelled-stopped = The letter was cancelled before it left.
cancelled-merged = The letter was cancelled before it left, because { $gone } became one debtor with { $stays }; the case is decided anew.
cancelled-separated = { $stays } became two debtors again, so each is decided anew.
cancelled-changed = The letter was cancelled before it left, because the amount changed from { $was } to { $now }.
cancelled-stale = The letter was cancelled before it left, because it was out of date; the case is decided anew.

## Words

milestone-deposit = deposit
milestone-balance = balance
milestone-full = full payment
milestone-instalment = instalment
milestone-sample = sample payment
milestone-freight = freight
milestone-interest = interest

trigger-proforma = proforma invoice issued
trigger-goods-ready = goods ready
trigger-bl-copy = copy of the bill of lading sent
trigger-bl-date = date of the bill of lading
trigger-invoice-date = date of the invoice
trigger-end-of-month = end of the invoice month
trigger-order-placed = order placed
trigger-arrival = arrival at the destination port
trigger-fixed-date = agreed date

weekday-mon = Mon
weekday-tue = Tue
weekday-wed = Wed
weekday-thu = Thu
weekday-fri = Fri
weekday-sat = Sat
weekday-sun = Sun

role-owner = owner
role-finance = finance
role-purchaser = purchaser
role-logistics = logistics
role-buyer = buyer

channel-email = email
channel-in-site = in-site message
channel-phone = phone

verdict-letter = letter
verdict-task = task
verdict-approval = approval
verdict-wait = wait
verdict-closed = closed

task-call = Call
task-find-contact = Find a contact
task-decide-next = Decide what comes next
task-settle-uncertain = Check whether a letter left
task-match-money = Match a payment
task-failed-letter = Deal with a letter that could not be delivered
task-follow = Follow up

letter-state-review = waiting for approval
letter-state-queued = queued
letter-state-to-paste = to be pasted by a person
letter-state-sending = sending
letter-state-sent = sent
letter-state-failed = failed
letter-state-uncertain = uncertain
letter-state-cancelled = cancelled

case-state-running = running
case-state-paid = paid
case-state-written-off = written off
case-state-closed = closed
case-state-ladder-done = all steps taken

# Kinds of silence, for counts.
silence-gate-paid = paid: the case is closed and nothing more is written
silence-gate-written-off = written off: the case is closed
silence-gate-closed = cancelled or closed on the marketplace
silence-gate-hold = on hold by a person's word
silence-gate-dispute = disputed by the buyer
silence-gate-dispute-part = disputed in part
silence-gate-promise = the buyer promised a day
silence-gate-promise-part = promised in part
silence-gate-unmatched-money = money came in that may be this buyer's
silence-gate-stale-facts = the bank statements are too old to be sure
silence-gate-lost-statements = the bank statements since the backup are missing
silence-gate-objection = the person objected
silence-gate-blacklist = blacklisted
silence-gate-platform-owes = the buyer has paid, the platform owes now
silence-contact-gap = the buyer was written to too recently
silence-contact-ceiling = enough for this week
silence-contact-nobody = nobody can be reached
silence-case-ladder-done = every step taken; a person decides

# Sentences of pages that are made of facts.
say-owes-late = { $amount }, { $days } days late.
say-owes-due = { $amount }, due { $date }.
say-owes-open = { $amount }, its due date is not known yet.
say-to = { $step } to { $name }
say-task-call = Call { $name }
say-task-find-contact = Find somebody to write to at { $name }
say-task-decide-next = Decide what happens with { $name }
say-task-paste = Paste the message to { $name } into the chat
say-task-settle-uncertain = Did the letter to { $name } leave?
say-task-failed-letter = The letter to { $name } could not be delivered
say-task-follow = Follow up with { $name }
say-task-match-money = Whose money is this?
say-task-bank-charges = Did banks keep the rest that { $name } has not paid?
say-verb-call = Call
say-verb-find-contact = Find a contact
say-verb-decide-next = Decide what next
say-verb-paste = Paste
say-verb-settle-uncertain = Look it up
say-verb-failed-letter = Mend the address
say-verb-follow = Follow up
say-verb-match-money = Match money
say-verb-bank-charges = Decide on the rest
say-charges-task = { $rest } is still open after a payment, so little that banks on the way may have kept it.
say-charges-hold = Rest of { $number }: bank charges?
say-money = Whose money is { $amount } from { $payer }?
say-money-nobody = Whose money is { $amount }?
say-doubt-no-reference = No invoice or order number was found in its text.
say-doubt-amount-differs = The number is ours, but the amount is another one.
say-doubt-several-parties = Its text names orders of several buyers.
say-doubt-other-currency = What its text names is owed in another currency.
say-doubt-undone = It was taken back from where it had been placed.
say-doubt-new = It has not been looked at yet.
say-toast-approved-first = { $number } is approved by you. It needs a second person, then it leaves { $when }.
say-toast-rehearsed = Rehearsals written: { $n }
say-toast-contact = { $name } was added.
say-toast-happened = { $day } noted; amounts with a due date now: { $n }.
say-toast-approved = { $number } is approved. It leaves { $when }.
say-toast-unapproved = { $number } waits for a yes again.
say-toast-declined = { $number } will not be sent.
say-toast-pasted = { $number } is kept as sent.
say-toast-settled = { $number } is settled.
say-toast-done = { $number } is done.
say-toast-snoozed = { $number } rests until { $when }.
say-bank-waits = An account in { $currency } ({ $account }) was proposed by { $name } and waits for a second person. Nobody expected it? Take it back under Settings, Bank accounts.
say-bank-resting = The new account in { $currency } ({ $account }) stands in letters from { $when }. Nobody expected it? Take it back under Settings, Bank accounts.
say-rehearsal = Rehearsal: would go to { $to } on { $when }.
say-toast-held = Paused until { $when }.
say-toast-hold-ended = The hold is over. The next run looks at it again.
say-toast-promise = The promise is noted. Letters wait until it has passed.
say-toast-promise-withdrawn = The promise is withdrawn. The next run looks at it again.
say-toast-dispute = The dispute is noted. The disputed part is not pressed for.
say-toast-matched = { $number } has found its place.
say-toast-matched-at = { $number }: { $uses } settles { $settles }.
say-toast-matched-charges = { $number } has found its place; { $rest } is written off as bank charges.
say-toast-matched-asked = { $number } has found its place. { $rest } may be bank charges: nobody is pressed for it until that is decided.
say-toast-matched-pressed = { $number } has found its place. { $rest } is still asked for.
say-toast-matched-together = { $number } has found its places: { $n }.
say-toast-charges = { $rest } is written off as bank charges.
say-toast-charges-kept = { $rest } is asked for again.
say-toast-plan = { $n } instalments agreed in place of { $number }.
say-toast-plan-ended = The plan is ended; { $number } is owed as before.
say-at-rate = { $amount } at { $rate }
say-toast-credited = { $amount } credited; { $open } is still open.
say-toast-written-off = { $amount } written off; { $open } is still open.
say-toast-taken-back = { $amount } is owed again; { $open } is open.
say-toast-blocked = Blocked. Nothing is written to this debtor any more.
say-toast-unblocked = Not blocked any more. The next run looks at everything again.
say-toast-merged = { $number } is merged into this debtor.
say-toast-separated = { $number } is a debtor of its own again.
say-toast-objected = Noted. This person is not contacted about payments any more.
say-toast-objection-withdrawn = This person may be contacted again.
say-toast-playbook = Noted. Cases that begin with it: { $begin }; cases that go on as they began: { $keep }.
say-toast-set-aside = { $number } is set aside and silences nobody any more.
say-standing-hold = Paused until { $day }
say-standing-promise = Promised { $amount } for { $day }
say-standing-promise-all = Promised to pay everything by { $day }
say-standing-dispute = Disputed: { $amount }
say-standing-dispute-all = Disputed as a whole
say-standing-call = Call made
say-standing-task = Task done
say-times = { $sentence }
say-ladder = { $taken } of { $total } steps taken.
say-paused = Paused until { $day }: { $text }
say-blocked = Blocked ({ $day }): { $why }
say-declined = Stopped by a person: { $why }
say-event-proforma = Proforma invoice issued ({ $order })
say-event-goods-ready = Goods ready ({ $order })
say-event-bl-copy = Copy of the bill of lading sent ({ $order })
say-event-bl-date = Bill of lading issued ({ $order })
say-event-invoice-date = Invoice dated ({ $order })
say-event-end-of-month = The month of the invoice ended ({ $order })
say-event-order-placed = Order placed ({ $order })
say-event-arrival = Goods arrived at the port of destination ({ $order })
say-event-fixed-date = The agreed date ({ $order })
say-file-brought = { $file } brought { $numbers }
say-file-changed = { $file } changed { $numbers }
say-approved-by = approved by { $name }
purpose-press = Reminder
purpose-formal = Formal demand
purpose-answer = Answer
purpose-service = Service notice
purpose-sell = Offer
refused-not-our-number = ‘{ $name }’ is not a number of ours
refused-not-a-day = ‘{ $text }’ is not a day; write for instance 2026-03-12
refused-amount-unreadable = ‘{ $text }’ is not an amount; write for instance 1234.50
refused-amount-unclear = ‘{ $text }’ could be thousands or decimals; write for instance 1234.50
refused-amount-not-positive = the amount must be above zero
refused-reason-missing = this needs a reason, so that others understand it; nothing was changed
refused-missing = there is no { $name } here
refused-several-firms = several firms live in this database: whoever runs it makes the backup, with the command dunlin backup
refused-contact-unreachable = Give an email address or a phone number: otherwise nobody can be reached
refused-not-an-address = ‘{ $address }’ is not an email address
refused-event-ahead = { $day } is still to come; today is { $today }
refused-event-not-awaited = { $number } has a date of its own and waits for nothing
refused-plan-count = a plan has 2 to { $most } instalments
refused-plan-past = the instalment of { $day } lies in the past; today is { $today }
refused-plan-order = the days of the instalments have to follow one another; { $day } does not
refused-plan-long = { $day } is more than three years away
refused-plan-sum = the instalments come to { $sum }, and { $open } is open; they have to be the same
refused-plan-late = a plan may be broken after 0 to { $most } days of delay
refused-plan-none = no plan of instalments runs for { $number }
refused-plan-begun = something was paid on { $number } already, so the plan cannot be undone; correct what is left by a credit or a new plan
refused-words-long = that is too long; write { $most } characters at most
refused-charges-none = nothing is open on { $number } that is as small as bank charges: at most 0.5 % of it, and no more than banks usually keep
refused-together-sum = these receivables make { $sum } together, and the payment has { $left }: place them one by one
refused-latin-only = ‘{ $text }’ has Chinese characters; this name is for readers who read none: write it in Latin letters
refused-days-missing = say for how many days the key holds
refused-hold-over = a hold until { $day } would already be over; today is { $today }
refused-hold-none = no hold runs on exactly this; { $number } has no holds at all
refused-hold-elsewhere = no hold runs on exactly this; there are holds on { $numbers }: name one of these
refused-promise-past = the promised day { $day } lies in the past; today is { $today }
refused-promise-above = { $amount } was promised, but only { $open } is open in { $currency }
refused-promise-none = no promise is open on exactly this; { $number } has no promises at all
refused-promise-elsewhere = no promise is open on exactly this; there are promises on { $numbers }: name one of these
refused-dispute-currency = { $number } is in { $owed }, the dispute in { $typed }
refused-dispute-range = the disputed amount must lie between zero and { $amount }
refused-dispute-none = no dispute is open on { $number }
refused-letter-not-waiting = { $number } is { $state } and waits for nobody’s approval
refused-letter-changed = { $number } has changed since you looked at it. Look at it again, then approve
refused-letter-approved-already = { $name } has approved { $number } already; it needs a second person
refused-letter-approver-new = { $name } was let in anew after the first person approved { $number }; somebody who was here before has to be the second
refused-letter-lapsed = The approval of { $number } does not hold any more; it waits for a new one. If the text is in the chat already, put it right there
refused-letter-not-approved = { $number } was not approved by anybody
refused-letter-left = { $number } has already left the queue
refused-letter-not-stoppable = { $number } is { $state } and cannot be stopped any more
refused-letter-not-uncertain = { $number } is { $state }, not uncertain: there is nothing to settle
refused-letter-not-to-paste = { $number } is { $state } and waits for nobody to paste it
refused-letter-changed-since-copied = { $number } has changed since you copied it. Compare it with what you pasted, then say so again
refused-letter-not-declined = { $number } cannot be brought back: it was not declined, or the next step has been taken since
refused-task-not-open = { $number } is not open: it is done or dropped already
refused-task-gone-on = { $number } cannot be opened again: it is open, or its case has gone on since
refused-payment-placed = { $number } is placed already; undo that first
refused-payment-currency = { $payment } is in { $paid }, { $number } in { $owed }
refused-payment-no-place = { $number } has no place that could be undone
refused-payment-no-rest = { $number } is placed to the last cent; there is no rest
refused-payment-not-aside = { $number } is not set aside; nothing was changed
refused-receivable-paid = nothing is outstanding on { $number }; nothing was changed
refused-blocked-already = this debtor is blocked already; unblock it first to give another reason
refused-not-blocked = this debtor is not blocked; nothing was changed
refused-objection-same = this is noted so already; nothing was changed
refused-lower-currency = { $number } is in { $owed }, the amount in { $typed }
refused-lower-above = { $amount } is more than the { $open } still outstanding on { $number }; enter { $most } at most, and pay back the rest outside
refused-lower-none = there is nothing on { $number } that could be taken back
refused-merge-same = both names lead to the same debtor already; nothing was changed
refused-person-name-missing = the person has no name; it stands in approvals and in the log
refused-firm-name-missing = the firm has no name; it stands under every letter
refused-not-an-email = ‘{ $text }’ is not an email address
refused-user-known = somebody with the address { $email } is in the firm already
refused-user-left = { $name } has left the firm; make them active first
refused-user-left-hand = { $name } has left the firm; hand the buyers to somebody else
refused-user-invited = { $name } has not taken up the invitation yet
refused-user-not-in = this user may not come in
refused-last-owner = the firm would be left without an owner; make somebody else the owner first
refused-erase-active = show somebody out before erasing them
refused-invitation-over = this invitation has been used or has run out; ask for a new one
refused-invitation-back = this invitation was taken back; ask for a new one
refused-type-to-erase = type the name ‘{ $name }’ exactly to erase it; nothing was changed
refused-type-firm = type the name of the firm as it stands here, ‘{ $name }’, to let letters leave; nothing was changed
refused-stand-in-past = { $until } is past; nothing was changed
refused-stand-in-left = whoever stands in has left the firm; name somebody else
refused-stand-in-self = nobody stands in for themselves
refused-stand-in-order = { $until } is before { $from }; nothing was changed
refused-password-short = the password is too short; take ten characters or more, for instance four words
refused-password-long = the password is too long; 512 bytes are the most
refused-password-weak = the password would be guessed too easily; take four words that do not belong together
refused-password-wrong = the password is not right; nothing was changed
refused-password-tries = too many wrong passwords; try again in { $seconds } seconds. Nothing was changed
refused-factor-other = this second factor was made for somebody else; begin again
refused-factor-late = this second factor was shown too long ago; begin again
refused-factor-code = the code is not right: compare the clock of the phone, and type the six digits that stand there now
refused-signature-long = a signature has ten lines at most; it stands under every letter to your buyers
refused-difficulty-long = a sentence about your difficulty has { $most } characters at most; early letters quote it as it stands
refused-page-language = ‘{ $code }’ is no language of the pages; known: en, zh-CN
refused-not-a-time-zone = ‘{ $text }’ is not a time zone; write for instance Asia/Shanghai
refused-not-a-currency = ‘{ $text }’ is not a currency code (expected ISO 4217 such as USD, EUR, CNY)
refused-not-whole = ‘{ $text }’ is not a whole number
refused-rule-range = { $rule } must lie between { $least } and { $most }; { $value } does not
refused-mail-port = the mail server ‘{ $server }’ needs a port, for instance mail.example.com:587
refused-mail-port-wrong = ‘{ $port }’ is not a port of the mail server
refused-mail-security = ‘{ $code }’ is not a kind of mail security; known: none, starttls, tls
refused-account-two-people = a bank account is changed by two people who sign in, not at the command line
refused-account-part = an account has a holder, a bank and a number; nothing was changed
refused-account-long = these bank details are too long for a letter; nothing was changed
refused-account-short = ‘{ $text }’ is too short for the number of an account; nothing was changed
refused-account-iban = ‘{ $text }’ looks like an IBAN and its check digits are wrong; nothing was changed
refused-account-swift = ‘{ $text }’ is no SWIFT code: those have 8 or 11 characters, for instance BKCHCNBJ92A
refused-account-same = this is the account that letters name already; nothing was changed
refused-account-none-waits = no account in { $currency } waits for a second person
refused-account-changed = the account has changed since you looked at it. Look at it again, then confirm
refused-account-nobody = nobody knows who proposed this account; propose it again
refused-account-own = whoever proposes an account cannot confirm it; ask a second person
refused-account-joined = you joined the firm after this account was proposed; somebody who was here before has to confirm it
refused-account-no-change = no change of the account in { $currency } is under way
refused-file-empty = the file is empty; choose a spreadsheet or a bank statement
refused-file-none = no file was chosen; choose a spreadsheet or a bank statement
refused-file-gone = this file is not here any more; hand it in again
refused-file-broken = the file did not arrive whole; hand it in again (64 MB are the most; larger ones go in with `dunlin import`)
refused-file-broken-page = the file did not arrive whole; hand it in again (64 MB are the most)
refused-column-unknown = ‘{ $field }’ in column { $letter } is not known
refused-columns-doubled = columns { $one } and { $other } cannot both be { $field }; choose one
refused-no-statement = { $file } holds no bank statement that can be read{ $first }. Known are MT940 and camt.052/053/054; check that it is the bank's own file, or name the format with --format
refused-no-statement-page = { $file } holds no bank statement that can be read{ $first }. Known are MT940 and camt.052/053/054; check that it is the bank’s own file
refused-debtor-gone = the debtor does not exist any more
refused-person-missing = there is no such person here
refused-person-erased = this person was erased before
refused-debtor-company = this debtor is a company: erase the persons there one by one; the firm's name stays
refused-merge-kinds = { $one } and { $other } cannot be one: one is a company, the other a consumer, and other rules hold for these
refused-merge-countries = { $one } and { $other } are in different countries ({ $country }, { $abroad }), so hours and language would change; correct one of them first
refused-merge-blocked = only one of { $one } and { $other } is blocked; block or unblock the other first, so that it is clear what holds
refused-merge-sending = a letter to one of { $one } and { $other } is leaving this moment or not settled yet; settle it, or try again in a minute
refused-separate-none = this debtor is not merged into another; nothing was changed
refused-separate-deeper = the debtor it was merged into was itself merged into another since; separate that one first
refused-separate-sending = a letter to { $number } is leaving this moment or not settled yet; settle it, or try again in a minute
refused-contacts-none = nobody is known at { $number }; import a contact first
refused-contact-unknown = nobody at { $number } is called ‘{ $who }’; known: { $known }
refused-playbook-unknown = there is no playbook ‘{ $id }’; known: { $known }
refused-key-name = a key needs a name, so that one knows later what uses it
refused-key-rights = name what the key may do; known: { $known }
refused-key-days = a key lives for 1 to { $most } days, not { $days }
refused-key-owner = { $name } is not active: keys belong to people who work here
refused-key-role = the role { $role } has no right ‘{ $right }’; it has: { $known }
refused-letter-gone-on = { $number } is { $state } by now{ $more }
refused-letter-cancelled-now = { $number } is not right any more and was cancelled: { $what }. If it is in the chat already, write there too
refused-approver-name = say who approves: an approval carries a name
refused-corrected-below-paid = { $number } cannot be corrected to { $amount }: { $used } is already paid or credited on it; enter a credit note instead
refused-payment-replaced = { $number } was told of by a file and is replaced by the bank's own entry; place that one
refused-payment-aside = { $number } was set aside as not a customer's payment, and cannot be placed any more
refused-payment-rest-aside = what is left of { $number } was set aside; undo its match first, then it can be placed anew
refused-payment-partly = { $number } is partly placed; undo that first, or set only the rest aside with dunlin match { $number } --rest-aside --why …
refused-payment-partly-page = { $number } is partly placed; undo that first
refused-amount-other = ‘{ $text }’ is an amount in { $typed }, and this is about { $owed }
refused-ledger-payment = { $amount } is more than the { $left } left of the payment
refused-ledger-one-currency = { $uses } cannot settle { $settles }: in one currency the two are the same amount
refused-ledger-settles = the payment is in { $pays } and { $number } in { $owes }: say how much of the { $open } still outstanding it settles
refused-ledger-open = { $amount } is more than the { $open } still outstanding on { $number }
rule-gap-hours = the hours between two letters
rule-weekly-ceiling-consumer = the weekly ceiling for consumers
rule-weekly-ceiling-company = the weekly ceiling for companies
rule-promise-margin-days = the days of grace after a promise
rule-promise-cap-days = the longest hold by a promise
rule-statement-max-age-days = the longest age of a statement
rule-approval-days = the days an approval holds
say-toast-reopened = { $number } is open again.
say-toast-unsnoozed = { $number } is back on the list.
say-toast-reinstated = { $number } waits for a yes again.
say-toast-unmatched = { $number } waits for its place again.
say-toast-unaside = { $number } waits for its place again.

## Columns of the workbooks of simulate and backtest

look-col-date = Day
look-col-time = Time
look-col-kind = What
look-col-debtor = Debtor
look-col-name = Name
look-col-country = Country
look-col-receivables = Receivables
look-col-step = Step
look-col-level = Level
look-col-channel = Channel
look-col-currency = Currency
look-col-amount = Amount
look-col-letters = Letters
look-col-approvals = Approvals
look-col-calls = Calls
look-col-tasks = Tasks
look-col-sent = Really sent
look-col-other-letters = Letters, compared
look-col-other-approvals = Approvals, compared
look-col-other-calls = Calls, compared
look-col-other-tasks = Tasks, compared
look-kind-letter = letter
look-kind-approval = approval
look-kind-call = call
look-kind-task = task

## Why it is unpaid

unpaid-why-forgot = overlooked
unpaid-why-cash-short = short of money
unpaid-why-payment-failed = the payment failed
unpaid-why-seller-fault = our own fault
unpaid-why-paid-in-transit = paid, on its way
unpaid-why-wrong-contact = wrong contact or papers missing
unpaid-why-bargaining = bargains for a discount
unpaid-why-refuses = does not want to pay

## Days of an order

key-date-arrival = arrival at the port
key-date-free-time-end = end of free time
key-date-platform-close = closing by the platform
key-date-latest-shipment = latest shipment
key-date-presentation = presentation of documents
key-date-credit-expiry = expiry of the letter of credit
key-date-collection = documents at the bank
key-date-acceptance = acceptance of the draft
key-date-maturity = maturity of the draft
