# Playbooks: the list, one playbook, its text.
playbook = Playbook
playbooks-lead = What each playbook would do, for which amounts, and in which version.
playbooks-caption = Playbooks in force
playbooks-simulation = Look ahead
playbooks-backtest = Back-test
playbook-for = For
playbook-steps = Steps
playbook-version = Version
playbook-cases = Running cases
playbook-cases-n = { $n ->
    [one] { $n } running case
   *[other] { $n } running cases
}
playbook-on-older = { $n } on an older version
playbook-own = published here
playbook-brought = as it came with the program
playbook-earlier-file = an earlier file
playbook-applies-all = Everything
playbook-from = from { $trigger }
playbook-comma = { ", " }
playbook-and = { " " }and{ " " }
playbook-edit = Edit
playbook-edit-title = Edit: { $title }
playbook-edit-lead = Nothing changes until you publish.
playbook-window-office = Working days, 09:00–17:30 at the buyer’s
playbook-window-daytime = Any day, 08:00–21:00 at the buyer’s
playbook-gap = At least { $hours } hours between two reminders
playbook-platform-close = Platform closes the order { $when }, where nobody says otherwise
playbook-gap-firm = The firm’s gap between two reminders
playbook-steps-title = The steps in words
playbook-step = Step
playbook-when = When
playbook-whom = Whom, and how
playbook-release = Who lets it go
playbook-letters = Letters
playbook-level = { $n ->
    [0] Note
   *[other] Level { $n }
}
playbook-purpose-press = Reminder
playbook-purpose-formal = Formal demand
playbook-purpose-answer = Answer
playbook-purpose-service = Service notice
playbook-purpose-sell = Offer
playbook-until = Until { $time }
playbook-answer = { $days } days to answer
playbook-statement = with account statement
autonomy-automatic = By itself
autonomy-first-time-reviewed = Seen the first time
autonomy-always-reviewed = Seen each time
autonomy-approval = One yes each time
autonomy-two-approvals = Two yeses each time
autonomy-task = Work for us
playbook-at-due = on the due date
playbook-at-placed = when the order is placed
playbook-at-trigger = on the day it falls under
playbook-at-previous = right after the step before
playbook-at-started = when the case begins
playbook-at-reason = when the reason became known
playbook-at-answer-by = on the day by which an answer was asked for
playbook-at-promise = on the day of the broken promise
playbook-at-arrival = on the day of the arrival at the port
playbook-at-free-time-end = on the day of the end of free time
playbook-at-platform-close = on the day of the closing by the platform
playbook-at-latest-shipment = on the latest day of shipment
playbook-at-presentation = on the last day to present documents
playbook-at-credit-expiry = on the day of the expiry of the letter of credit
playbook-at-collection = on the day the documents reached the bank
playbook-at-acceptance = on the day of the acceptance of the draft
playbook-at-maturity = on the day of the maturity of the draft
playbook-at-paid = when the order is paid
playbook-at-cleared = when the platform has let the payment pass
playbook-at-ship-by = at the last moment to ship
playbook-at-shipped = when it is shipped
playbook-at-last-movement = when the parcel last moved
playbook-at-expected = on the last expected day
playbook-at-protection-end = on the last day of the buyer's protection
playbook-at-delivered = when it is delivered
playbook-at-asked = when the question came up
playbook-at-state = when the order or the parcel came to this state
playbook-after-due = { $length } after the due date
playbook-after-placed = { $length } after the order
playbook-after-trigger = { $length } after the day the term begins
playbook-after-previous = { $length } after the step before
playbook-after-started = { $length } after the case began
playbook-after-reason = { $length } after the reason became known
playbook-after-answer-by = { $length } after the day by which an answer was asked for
playbook-after-promise = { $length } after the day of the broken promise
playbook-after-arrival = { $length } after the arrival at the port
playbook-after-free-time-end = { $length } after the end of free time
playbook-after-platform-close = { $length } after the closing by the platform
playbook-after-latest-shipment = { $length } after the latest day of shipment
playbook-after-presentation = { $length } after the last day to present documents
playbook-after-credit-expiry = { $length } after the expiry of the letter of credit
playbook-after-collection = { $length } after the day the documents reached the bank
playbook-after-acceptance = { $length } after the acceptance of the draft
playbook-after-maturity = { $length } after the maturity of the draft
playbook-after-paid = { $length } after the payment
playbook-after-cleared = { $length } after the platform let the payment pass
playbook-after-ship-by = { $length } after the last moment to ship
playbook-after-shipped = { $length } after the dispatch
playbook-after-last-movement = { $length } after the parcel last moved
playbook-after-expected = { $length } after the last expected day
playbook-after-protection-end = { $length } after the last day of the buyer's protection
playbook-after-delivered = { $length } after the delivery
playbook-after-asked = { $length } after the question came up
playbook-after-state = { $length } after the order or the parcel came to this state
playbook-before-due = { $length } before the due date
playbook-before-placed = { $length } before the order
playbook-before-trigger = { $length } before the day the term begins
playbook-before-previous = { $length } before the step before
playbook-before-started = { $length } before the case began
playbook-before-reason = { $length } before the reason became known
playbook-before-answer-by = { $length } before the day by which an answer was asked for
playbook-before-promise = { $length } before the day of the broken promise
playbook-before-arrival = { $length } before the arrival at the port
playbook-before-free-time-end = { $length } before the end of free time
playbook-before-platform-close = { $length } before the closing by the platform
playbook-before-latest-shipment = { $length } before the latest day of shipment
playbook-before-presentation = { $length } before the last day to present documents
playbook-before-credit-expiry = { $length } before the expiry of the letter of credit
playbook-before-collection = { $length } before the day the documents reached the bank
playbook-before-acceptance = { $length } before the acceptance of the draft
playbook-before-maturity = { $length } before the maturity of the draft
playbook-before-paid = { $length } before the payment
playbook-before-cleared = { $length } before the platform let the payment pass
playbook-before-ship-by = { $length } before the last moment to ship
playbook-before-shipped = { $length } before the dispatch
playbook-before-last-movement = { $length } before the parcel last moved
playbook-before-expected = { $length } before the last expected day
playbook-before-protection-end = { $length } before the last day of the buyer's protection
playbook-before-delivered = { $length } before the delivery
playbook-before-asked = { $length } before the question came up
playbook-before-state = { $length } before the order or the parcel came to this state
playbook-hours = { $n ->
    [one] { $n } hour
   *[other] { $n } hours
}
playbook-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
}
playbook-business-days = { $n ->
    [one] { $n } working day
   *[other] { $n } working days
}
playbook-weeks = { $n ->
    [one] { $n } week
   *[other] { $n } weeks
}
playbook-day = Day { $n }
playbook-day-zero = Day 0: due date or order
ladder-aside = Without a day yet:
ladder-route-ladder = The route “{ $route }” is followed; then the ladder goes on.
ladder-route-rest = The route “{ $route }” is followed; then a person decides.
playbook-needs-day = with one of these days: { $days }
playbook-routes = Routes
playbook-routes-says = A route takes the place of the ladder while it fits. They are tried in this order; the first one that fits and has steps left is followed.
playbook-because = When it is unpaid because: { $reasons }.
playbook-holds = Where this holds:
playbook-then-ladder = After its last step the ladder goes on where it was left.
playbook-then-rest = After its last step a person decides what comes next.
playbook-thanks = Thanks
playbook-thanks-says = Once, soon after the money came, to a buyer who was asked for it.
playbook-minimums = Least amounts
playbook-minimums-says = What a buyer must owe for a warning of this level, over everything in one currency. With less, nothing of this level is sent.
playbook-minimum-level = Level
playbook-minimum-overdue = Overdue, at least
playbook-minimum-share = Of all that is open, at least
playbook-share = { $n } %
playbook-task = Work for us
playbook-task-whom = One of us; the buyer hears nothing
playbook-task-release = Whoever does it marks it done
playbook-instructions = Instructions
playbook-ladder = { $steps ->
    [one] { $steps } step
   *[other] { $steps } steps
}, from day { $from } to day { $to }. Weekends and gaps move them.
playbook-versions = Versions
playbook-versions-says = A running case keeps the version it began with, unless it was moved. To take a version back, publish an earlier one again.
playbook-in-force = In force
playbook-number = No. { $number }
playbook-again = Publish again
playbook-publish = Publish
playbook-note = Why it changes
playbook-running = { $n ->
    [0] No case is running
    [one] The running case
   *[other] The { $n } running cases
}
playbook-keep = keep the version they began with
playbook-migrate = move to this version, where every step they have taken is still there on the same level
playbook-fields = Fields of conditions
playbook-fields-says = What the line when of a step may ask.
playbook-field = Field
playbook-field-type = Type
playbook-field-means = Meaning
playbook-type-number = number
playbook-type-flag = true or false
playbook-type-text = text
playbook-text = Text of the playbook (TOML)
playbook-check = Check
playbook-checked = What the check says
playbook-sound = It can be published.
playbook-errors = { $n ->
    [one] One error: it cannot be published yet.
   *[other] { $n } errors: it cannot be published yet.
}
playbook-broken = It has errors, so it was not published and nothing changed. They are listed beside the text.
playbook-place = Line { $line }, column { $column }
playbook-severity-error = Error
playbook-severity-warning = Warning
playbook-problem-unreadable = Cannot be read
playbook-problem-syntax = Not TOML
playbook-problem-unknown-key = Unknown name
playbook-problem-missing = Something is missing
playbook-problem-wrong-type = Wrong type
playbook-problem-wrong-value = Not possible here
playbook-problem-time = Not a time
playbook-problem-condition = Condition cannot be used
playbook-problem-level = Levels out of order
playbook-problem-severe = Severe, and nobody approves
playbook-problem-scenario = Unknown scenario
playbook-problem-letter = Letter is missing
playbook-problem-language = Letter is missing in a language
playbook-problem-never = Step never comes
playbook-problem-overlap = Another playbook always goes first
playbook-problem-double = Same id twice
playbook-letter-sample = With invented facts: no buyer of yours is in it.
toast-playbook-published = Published as no. { $number }.
toast-playbook-same = The version was in force already.
toast-playbook-cases = Running cases: { $moved } moved, { $stayed } keep an older version.
toast-playbook-why = They took the step { $step } (level { $level }), which this version does not have on that level.
