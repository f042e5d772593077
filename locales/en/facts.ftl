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
