# What the command line says to a person. Counts are said in full sentences, each language as it counts.

instant-there = { $at } ({ $place })

cli-n-debtors = { $n ->
    [one] { $n } buyer
   *[other] { $n } buyers
}
cli-n-letters = { $n ->
    [one] { $n } letter
   *[other] { $n } letters
}
cli-n-approvals = { $n ->
    [one] { $n } approval
   *[other] { $n } approvals
}
cli-n-tasks = { $n ->
    [one] { $n } task
   *[other] { $n } tasks
}
cli-n-silences = { $n ->
    [one] { $n } new silence
   *[other] { $n } new silences
}
cli-n-cases = { $n ->
    [one] { $n } case live
   *[other] { $n } cases live
}
cli-n-rows = { $n ->
    [one] { $n } row
   *[other] { $n } rows
}
cli-n-lines = { $n ->
    [one] { $n } line
   *[other] { $n } lines
}
cli-n-payments = { $n ->
    [one] { $n } payment
   *[other] { $n } payments
}

cli-run = { $debtors } looked at: { $letters }, { $approvals } and { $tasks } written; { $silences }; { $cases }
cli-run-dry = { $debtors } looked at: { $letters }, { $approvals } and { $tasks } would be written; { $silences }; { $cases }
cli-run-rehearsed = safe mode: { $letters } rehearsed to the firm itself, { $known } were before, { $left } are left for another day; nothing left to buyers and nothing advanced
cli-run-letter = by { $channel } in { $language }: { $about }, “{ $step }”, leaves { $at }
cli-mark-letter = letter
cli-mark-approval = approval
cli-mark-task = task
cli-about-order = order { $number }

cli-letter-not-sent = It did not leave, so no text of it was kept. This is how it would read by what is known now:
cli-letter-leaves = leaves { $at }

cli-send = { $sent } sent, { $cancelled } cancelled, { $waiting }, { $again } to try again, { $failed } failed, { $uncertain } uncertain, { $paste } to paste
cli-send-waiting = { $n ->
    [one] { $n } waits for the buyer's hours
   *[other] { $n } wait for the buyer's hours
}
cli-send-held-back = safe mode is on: nothing leaves to buyers
cli-send-next = next departure { $at }
cli-send-nothing = nothing else waits

cli-import-dry = (dry run) { $line }
cli-import = { $file }: { $rows } — { $added } new, { $corrected } corrected, { $unchanged } as before, { $out } left out
cli-import-columns = { $sheet } (header in row { $row }): { $columns }
cli-import-not-read = not read: { $columns } (name them with --map)
cli-import-correction = row { $row }: { $what }, { $field }: was { $before }, is { $after }
cli-import-correction-new = row { $row }: { $what }, { $field }: { $after } is new
cli-import-correction-gone = row { $row }: { $what }, { $field }: { $before } is gone
cli-import-awaiting = { $n ->
    [one] { $n } amount cannot fall due before the day of ‘{ $field }’ is known
   *[other] { $n } amounts cannot fall due before the day of ‘{ $field }’ is known
}
cli-import-no-column = { $line }: the file has no such column (name one with --map, as { $code })
cli-import-old = { $n ->
    [one] { $n } new amount is more than 30 days late: it begins with the first step; --entry contextual lets it come in on the step of its age
   *[other] { $n } new amounts are more than 30 days late: they begin with the first step; --entry contextual lets them come in on the step of their age
}
cli-import-old-by-age = { $n ->
    [one] { $n } new amount is more than 30 days late: it comes in on the step of its age, never on a severe one
   *[other] { $n } new amounts are more than 30 days late: they come in on the step of their age, never on a severe one
}
cli-import-risk = { $n ->
    [one] { $n } order warns: { $risk }
   *[other] { $n } orders warn: { $risk }
}
cli-import-told = { $n ->
    [one] { $n } order: something new about how it stands, its goods or parcels
   *[other] { $n } orders: something new about how they stand, their goods or parcels
}
cli-import-older = { $n ->
    [one] { $n } order: more is known than this file says; it stays as it is
   *[other] { $n } orders: more is known than this file says; they stay as they are
}
cli-import-payouts = paid out { $paid }, fees { $fees }, taken back { $back }
cli-import-vanished = { $order } is not in the file any more; it was left as it is
cli-import-cancelled = { $n ->
    [one] { $n } letter that waited is cancelled: it is not right any more
   *[other] { $n } letters that waited are cancelled: they are not right any more
}
cli-import-row-out = row { $row } is left out:
cli-import-row-in = row { $row } comes in without this:
cli-import-rows-out = { $n ->
    [one] { $n } row is left out (row { $rows }):
   *[other] { $n } rows are left out (rows { $rows }):
}
cli-import-rows-in = { $n ->
    [one] { $n } row comes in without this (row { $rows }):
   *[other] { $n } rows come in without this (rows { $rows }):
}
cli-import-row-of-sheet = { $sheet }, { $line }
cli-import-cell = { $cell } ‘{ $read }’: { $why }; { $remedy }
cli-import-cell-empty = { $cell }: { $why }; { $remedy }
cli-import-cell-none = { $why }; { $remedy }
cli-import-part-due = { $milestone } { $amount }, due { $day }
cli-import-part-waits = { $milestone } { $amount }, due date waits for: { $trigger }
cli-import-read-as = read as, for instance:
cli-import-read-row = row { $row }: { $values }
cli-import-moved = { $receivable } moved from “{ $from }” to “{ $to }”, because this day is known: { $days }
cli-import-moved-back = { $receivable } moved from “{ $from }” to “{ $to }”, because the day it counted from is not known any more
cli-import-stays = { $receivable } stays with “{ $from }”, although “{ $to }” would fit better now: a letter of it is under way

cli-statement = { $file }: { $lines }, { $known } known before, { $payments }: { $matched } found a place, { $look } to be looked at; { $cancelled } waiting letters cancelled
cli-match = { $matched } found a place, { $look } to be looked at
cli-match-left = { $left } left of { $amount }
cli-match-placed = has its place
cli-match-charges = pays { $receivable } but for { $rest }, likely bank charges:
cli-statement-not-read = { $account }: no statement tells of { $from } to { $to }; import it
cli-statement-until-then = { $line }; until then nothing presses that could have been paid in those days
cli-init-made = { $firm } is tenant { $id } in { $place }
cli-init-key = The key of the installation is in { $place }: keep a copy apart from the database.
cli-init-next = Next: dunlin import orders.xlsx --dry-run   shows what would be read
    { "" }     dunlin run --dry-run                  shows what would be sent, and why
