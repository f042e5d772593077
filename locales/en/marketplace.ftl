## Connected services
settings-tab-marketplace = Marketplace
settings-lead-marketplace = The shop whose orders are read here, and the service that tells where parcels are.
market-shop = AliExpress
market-none = No shop is connected. Orders come in by the marketplace's export, and messages are pasted by a person.
market-not-agreed = The seller has not agreed yet
market-messages = messages leave by themselves
market-no-messages = messages are pasted by a person
market-stand-in = stand-in on this machine
market-app = App { $key }
market-synced = last read
market-problem-since = since
market-agree = Let the seller sign in and agree
market-agree-again = Agree again
market-agree-at = The address holds for half an hour, in this browser.
market-agree-go = Go to AliExpress
market-return = Register this address for the app: { $address }
market-sync = Read now
market-sync-says = It is read every five minutes, and an order once more right before a letter about it leaves.
market-job-running = Reading
market-job-done = Read
market-job-failed = Not read to the end
market-job-lost = Interrupted; the next reading goes on from there
market-job-orders = { $n } orders
market-test = Test the connection
market-end = Disconnect
market-end-says = Key, secret and tokens are deleted. Orders and letters stay as they are.
market-app-set = App key and secret
market-app-key = App key
market-app-secret = App secret
market-address = Address (only for a stand-in on this machine)
market-app-says = Another app ends what was agreed with the one before.
market-look = To look at
market-pages-owed =
    { $n ->
        [one] The page of one order has not been answered yet: it is asked for again with every reading.
       *[other] The pages of { $n } orders have not been answered yet: they are asked for again with every reading.
    }
market-look-says = { $n } orders are known from the shop. Nobody is asked to pay these as long as it is not clear who owes.
market-look-none = None: every order says clearly who owes it.
market-order-page = its page at the marketplace
market-word-place-order-success = not paid yet
market-word-in-cancel = the buyer asks to cancel
market-word-risk-control = the payment is being checked
market-word-wait-seller-send-goods = waits for us to ship
market-word-seller-part-send-goods = partly shipped
market-word-wait-buyer-accept-goods = waits for the buyer to confirm receipt
market-word-fund-processing = the platform is paying out
market-word-in-issue = in dispute
market-word-in-frozen = frozen
market-word-wait-seller-examine-money = we have to confirm the amount
market-word-finish = ended
market-word-not-pay = unpaid
market-word-pay-success = paid
market-word-wait-seller-check = we have to check the payment
market-word-no-issue = no dispute
market-word-end-issue = the dispute has ended
market-word-no-frozen = not frozen
market-order-contradiction = unpaid, and yet with a time of payment
market-order-closed-untold = closed, and nobody says whether it was paid
market-order-cancel-asked = the buyer asked to cancel
market-order-amount-to-confirm = the amount has to be confirmed
market-order-disputed = dispute
market-order-frozen = frozen by the platform
market-order-unknown-words = words that are not known
market-order-unreadable = amount or time is missing
market-order-unread-field = something could not be read
market-order-other-buyer = another buyer than in the books
market-order-refused = the books do not take it
market-problem-busy = The service does not answer, or asks to be left alone for a while. It is tried again.
market-problem-refused = The service refuses the call.
market-problem-authorize = The seller's agreement has ended: let the seller agree again. Until then no letter about orders of this shop leaves.
market-problem-app = Key and secret are not accepted: check them in the service's console.
market-problem-clock = The service does not accept this machine's time: set its clock.
market-problem-keep = The new token could not be kept here: look whether the database can be written to.
market-problem-not-permitted = The app may not do what is asked of it: apply for the permission in the service's console.
market-problem-unreadable = The service answers in a form that is not understood.
market-tracking = 17TRACK
market-tracking-none = No tracking service is connected.
market-tracking-key = Key
market-hook = Enter this as the webhook at 17TRACK
market-notices = { $all } messages came; { $waiting } are not put to a parcel yet.
toast-app-kept = Kept, sealed. Now let the seller agree.
toast-key-kept = Kept, sealed. Now enter the webhook at 17TRACK.
toast-shop-connected = The shop is connected; messages leave by themselves.
toast-shop-connected-paste = The shop is connected. The app may not write messages: they are pasted by a person.
toast-shop-works = It works; messages leave by themselves.
toast-shop-works-paste = It works. The app may not write messages: they are pasted by a person.
toast-tracking-works = It works.
toast-connection-ended = Disconnected; key and tokens are deleted.
toast-sync-begun = The shop is being read.
fate-aliexpress = Written into the order's chat
log-noun-connection = Connected services
log-verb-connection-set = Kept key and secret of a service
log-verb-connection-asked = Began an agreement with a service
log-verb-connection-agreed = Connected a shop
log-verb-connection-tested = Tested a connection
log-verb-connection-ended = Disconnected a service
log-verb-orders-synced = Read the shop
log-verb-order-read-again = Read an order again before a letter
log-verb-parcel-tracked = News of a parcel
log-noun-parcel = Parcels
log-fact-events = scans
log-fact-troubled = to look at
log-fact-cancelled = letters cancelled
log-fact-order = order
notice-connection = { $service }: { $problem }
notice-troubled-orders = { $n ->
    [one] One order of the shop leaves it unclear who owes it.
   *[other] { $n } orders of the shop leave it unclear who owes them.
}
market-service-aliexpress = AliExpress
market-service-track17 = 17TRACK
log-verb-order-asked = Asked a buyer something before dispatch
log-verb-order-answered = Put in what a buyer answered
log-verb-order-confirmed = Took over what a buyer confirmed
log-verb-order-overridden = Let an order go without an answer
log-verb-order-told = Noted how an order stands
log-verb-order-told-undone = Took back how an order stands
log-verb-order-in-stock = Marked an order as in stock
log-verb-order-out-of-stock = Marked an order as out of stock
log-verb-order-stock-undone = Took back what was said of an order’s goods
log-verb-order-ship-undone = Took back that an order left
log-verb-order-ask-reopened = Opened a question to a buyer again
log-verb-order-answer-dropped = Set a buyer’s answer aside
log-verb-order-ask-withdrawn = Asked a buyer no longer
log-verb-order-wish-refused = Refused a buyer’s wish
log-verb-message-received = Took in a message of a buyer
log-verb-task-withdrawn = A task withdrew itself
log-verb-order-shipped = Noted a parcel
log-verb-order-number-corrected = Corrected the number of a parcel
log-verb-order-parcel-own = Said that a number is a parcel of its own
log-verb-order-held = Kept an order here
log-verb-order-released = Let an order go
log-fact-word = state
log-fact-parcel = parcel
log-fact-before = number before
log-fact-rule = rule
log-fact-fields = fields
log-fact-consent = Consent
more-time-title = Time for the receipt
more-time-queued = { $n ->
    [one] One more day is being asked for
   *[other] { $n } more days are being asked for
}
more-time-sending = { $n ->
    [one] One more day is being asked for
   *[other] { $n } more days are being asked for
}
more-time-done = { $n ->
    [one] One more day given
   *[other] { $n } more days given
}
more-time-failed = { $n ->
    [one] One more day was not given
   *[other] { $n } more days were not given
}
more-time-uncertain = { $n ->
    [one] Nobody knows whether one more day was given
   *[other] Nobody knows whether { $n } more days were given
}
more-time-withdrawn = { $n ->
    [one] One more day is not asked for any more
   *[other] { $n } more days are not asked for any more
}
more-time-until = Protected until
more-time-look = The marketplace’s answer got lost. The program looks it up for an hour; you can look at the order’s own page and say what you found.
more-time-yes = It was given
more-time-no = It was not given
more-time-days = More days
more-time-ask = Ask the marketplace
more-time-by-hand = I gave them there
toast-more-time-asked = The marketplace is asked in the next round.
toast-more-time-noted = Noted: the buyer has more time.
toast-more-time-settled = Noted what you found.
log-verb-order-more-time-asked = Asked for more time for a receipt
log-verb-order-more-time-noted = Noted more time for a receipt
log-verb-order-more-time-told = Heard about more time for a receipt
log-verb-order-more-time-settled = Looked up whether more time was given
log-fact-days = days
log-fact-was-given = given
market-problem-account = The service refuses this account: look in its console, also at the addresses that it allows.
market-problem-quota = No numbers are left to register: parcels that leave now are not followed. It goes on by itself once there are some again.
log-fact-letter = letter
parcel-unfollowed-carrier = Not followed: the tracking service cannot tell whose number it is. Set the carrier.
parcel-unfollowed-needs-more = Not followed: the carrier wants a postcode or a telephone number as well.
parcel-unfollowed-number = Not followed: this is no tracking number.
parcel-unfollowed-refused = Not followed: the tracking service refuses the number.
parcel-unfollowed-stopped = Not followed any more: the tracking service has given up.
