# Words for facts, said the same way on pages, in reasons and at the command line. Within a sentence; a page
# writes the first letter large where one stands by itself.

## Why it is unpaid

unpaid-why-forgot = overlooked
unpaid-why-cash-short = short of money
unpaid-why-payment-failed = the payment failed
unpaid-why-seller-fault = our own fault
unpaid-why-paid-in-transit = paid, on its way
unpaid-why-wrong-contact = wrong contact or papers missing
unpaid-why-bargaining = bargains for a discount
unpaid-why-refuses = does not want to pay

## Where a talk took place

talk-place-wechat = on WeChat
talk-place-whatsapp = on WhatsApp
talk-place-phone = on the phone
talk-place-fair = at a fair
talk-place-visit = during a visit
talk-place-other = elsewhere
talk-place-email = by email
talk-place-in-site = on the marketplace

## What the buyer meant

talk-intent-paid-already = says it is paid
talk-intent-promises = promises to pay
talk-intent-disputes = disputes it
talk-intent-asks-question = asks something
talk-intent-asks-for-papers = asks for papers
talk-intent-wrong-contact = is the wrong person
talk-intent-short-of-cash = has no money now
talk-intent-bargains = wants a discount
talk-intent-refuses = refuses to pay
talk-intent-objects-to-contact = wants no more messages
talk-intent-out-of-office = is away (a machine answered)
talk-intent-other = something else

## Days of an order

key-date-arrival = arrival at the port of destination
key-date-free-time-end = end of free time
key-date-platform-close = close of the unpaid order by the platform
key-date-latest-shipment = latest day of shipment (letter of credit)
key-date-presentation = latest day of presentation (letter of credit)
key-date-credit-expiry = expiry of the letter of credit
key-date-collection = documents at the buyer’s bank
key-date-acceptance = acceptance of the draft
key-date-maturity = maturity of the draft

## Why an article is offered in place of another

similar-why-pinned = chosen by you
similar-why-category = same category
similar-why-price-same = same price
similar-why-cheaper = { $percent } % cheaper
similar-why-dearer = { $percent } % dearer
similar-why-attributes = the same { $names }
similar-why-alike = titles agree to { $percent } %

## How an order stands, and where a parcel is

order-state-placed = waiting for the payment
order-state-risk-control = paid, and being checked by the platform
order-state-paid = paid
order-state-out-of-stock = paid and out of stock
order-state-in-stock = in stock and held back
order-state-awaiting-confirmation = waiting for the buyer's confirmation
order-state-ready = ready to ship
order-state-part-shipped = partly shipped
order-state-shipped = shipped
order-state-delivered = delivered
order-state-completed = completed
order-state-cancelled = cancelled
order-state-closed = closed by the platform
order-state-frozen = frozen by the platform
order-state-in-dispute = in dispute
order-ask-outcome-answered = The buyer has answered
order-ask-outcome-agreed = The buyer agrees
order-ask-outcome-declined = The buyer does not agree
order-ask-outcome-overridden = Goes without an answer
order-ask-address = Address to be confirmed
order-ask-customs = Goods and true value for customs
order-ask-combine = Several orders in one parcel
order-ask-surcharge = More postage to be paid
order-ask-remote-area = Remote area
order-ask-address-change = Another address wished
order-ask-split = Several parcels wished
order-ask-wish = A wish of the buyer
delivery-field-name = Name
delivery-field-address = Address
delivery-field-postcode = Postcode
delivery-field-phone = Phone
delivery-field-country = Country
delivery-field-goods = Goods for customs
delivery-field-value = True value
order-ask-outcome-withdrawn = Not asked any more
order-ask-outcome-refused = We do not do it

tracking-not-found = not known to the carrier yet
tracking-invalid-number = under a number that is not the carrier's
tracking-announced = announced to the carrier
tracking-picked-up = with the carrier
tracking-in-transit = on its way
tracking-departed = out of the country it was sent from
tracking-arrived = in the country it goes to
tracking-customs = at customs
tracking-customs-released = released by customs
tracking-needs-information = held until customs get an answer
tracking-delayed = delayed
tracking-expired = without news for a long time
tracking-out-for-delivery = out for delivery
tracking-pick-up-point = at a pick-up point
tracking-failed-delivery = not delivered at the first try
tracking-nobody-there = not delivered because nobody was there
tracking-wrong-address = not delivered because of the address
tracking-refused = refused by the buyer
tracking-held = held back
tracking-trouble = in trouble of a kind that is not told
tracking-delivered = delivered
tracking-cancelled = called off
tracking-returning = on its way back
tracking-returned = back with us
tracking-damaged = damaged
tracking-lost = lost
tracking-destroyed = destroyed
tracking-other = in a place that nobody has sorted in yet

## What buyers abroad cannot read

abroad-company = Letters to buyers abroad are signed with the Chinese name of the firm, { $text }: give its name in Latin letters in Settings, Company.
abroad-signer = Letters to buyers abroad are signed by { $text }, which not everybody there can read: give this name in Latin letters in Settings, Company.
abroad-phone = The phone number { $text } under the letters has no country code, so that nobody abroad can call it: write it like +86 574 8765 4321 in Settings, Company.
