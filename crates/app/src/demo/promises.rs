//! What debtors say when they promise to pay, each in their own language.

use jiff::civil::Date;

/// The sentence as it stood in the mail. Days are written the way the country writes them.
pub fn promise_words(language: &str, pay_on: Date) -> String {
    let (day, month, year) = (pay_on.day(), pay_on.month(), pay_on.year());
    let dotted = format!("{day:02}.{month:02}.{year}");
    let slashed = format!("{day:02}/{month:02}/{year}");
    match language {
        "es" => format!("Disculpe la demora, haremos la transferencia el {slashed}. Gracias por su paciencia."),
        "pt-BR" => format!("Pedimos desculpas, o pagamento será feito em {slashed}."),
        "it" => format!("Ci scusiamo per il ritardo, il bonifico parte il {slashed}."),
        "fr" => format!("Nous réglerons cette facture le {slashed}. Merci de votre patience."),
        "de" => format!("Wir überweisen den Betrag am {dotted}."),
        "pl" => format!("Przepraszamy za opóźnienie, przelew wykonamy {dotted}."),
        "ar" => format!("نعتذر عن التأخير، سنحوّل المبلغ في {slashed} إن شاء الله."),
        _ => format!("Sorry for the delay. We have scheduled the payment for {}.", pay_on.strftime("%-d %B %Y")),
    }
}
