//! The fixed words of documents in each language: headings of the account statement and names of milestones.
//! One table per language, so that a missing word is a compile error. Written, not translated: a bookkeeper of
//! the country must find the usual term.

use dunlin_core::letter::Rests;
use dunlin_core::party::Language;
use dunlin_core::receivable::Milestone;
use serde::Serialize;

/// The words of one language. Field names are the keys that `templates/*.typ` use.
#[derive(Serialize)]
pub(crate) struct Words {
    pub(crate) account_statement: &'static str,
    as_of: &'static str,
    customer: &'static str,
    from: &'static str,
    open: &'static str,
    overdue: &'static str,
    disputed: &'static str,
    credited: &'static str,
    reference: &'static str,
    order: &'static str,
    what: &'static str,
    due: &'static str,
    /// In place of a day: what it waits for has not happened.
    #[serde(skip)]
    pub(crate) not_yet_due: &'static str,
    days_late: &'static str,
    amount: &'static str,
    paid: &'static str,
    total_open: &'static str,
    of_which_overdue: &'static str,
    of_which_disputed: &'static str,
    /// Of the total, or of one line, what is due and may be asked for.
    asked_now: &'static str,
    nothing_open: &'static str,
    pay_to: &'static str,
    pub(crate) holder: &'static str,
    pub(crate) bank: &'static str,
    pub(crate) account: &'static str,
    pub(crate) swift: &'static str,
    quote_reference: &'static str,
    /// Up to which day payments are known, `{date}`; left out while no statement of a bank was read.
    pub(crate) included: &'static str,
    /// Closing note; `{email}` is where to write.
    pub(crate) note: &'static str,
    /// The same for a sender without an email address.
    pub(crate) note_without_email: &'static str,
    #[serde(skip)]
    milestones: [&'static str; 7],
    /// Why a line is not asked for now, in the order of [`Rests`].
    #[serde(skip)]
    rests: [&'static str; 6],
}

impl Words {
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            // Account statements go along with letters about money, which leave in English where they are not complete.
            Language::En | Language::Ru => &EN,
            Language::Es => &ES,
            Language::Zh => &ZH,
        }
    }

    pub(crate) const fn milestone(&self, milestone: Milestone) -> &'static str {
        let [deposit, balance, full, instalment, sample, freight, interest] = self.milestones;
        match milestone {
            Milestone::Deposit => deposit,
            Milestone::Balance => balance,
            Milestone::Full => full,
            Milestone::Instalment => instalment,
            Milestone::Sample => sample,
            Milestone::Freight => freight,
            Milestone::Interest => interest,
        }
    }

    pub(crate) const fn rests(&self, rests: Rests) -> &'static str {
        let [through_bank, seller_fault, paused, in_transit, promised, checked] = self.rests;
        match rests {
            Rests::ThroughBank => through_bank,
            Rests::SellerFault => seller_fault,
            Rests::Paused => paused,
            Rests::InTransit => in_transit,
            Rests::Promised => promised,
            Rests::Checked => checked,
        }
    }
}

const EN: Words = Words {
    account_statement: "Account statement",
    as_of: "as of",
    customer: "Customer",
    from: "From",
    open: "Open",
    overdue: "Overdue",
    disputed: "disputed",
    credited: "credited",
    reference: "Reference",
    order: "Order",
    what: "For",
    due: "Due",
    not_yet_due: "not yet due",
    days_late: "Days late",
    amount: "Amount",
    paid: "Paid",
    total_open: "Total open",
    of_which_overdue: "of which overdue",
    of_which_disputed: "of which disputed",
    asked_now: "asked for now",
    nothing_open: "Nothing is open.",
    pay_to: "Please pay to",
    holder: "Account holder",
    bank: "Bank",
    account: "Account / IBAN",
    swift: "SWIFT / BIC",
    quote_reference: "Please quote the reference of each item with your payment.",
    included: "Payments that reached us by {date} are included. ",
    note: "If you have paid in the meantime or your books differ, please write to {email}.",
    note_without_email: "If you have paid in the meantime or your books differ, please let us know.",
    milestones: ["advance payment", "balance", "full payment", "instalment", "sample", "freight", "interest"],
    rests: [
        "payable through the bank",
        "with us to put right – not asked for now",
        "on hold – not asked for now",
        "reported as paid – not asked for now",
        "promised – not asked for now",
        "payments being checked – not asked for now",
    ],
};

const ES: Words = Words {
    account_statement: "Estado de cuenta",
    as_of: "al",
    customer: "Cliente",
    from: "De",
    open: "Pendiente",
    overdue: "Vencido",
    disputed: "en disputa",
    credited: "abonado",
    reference: "Referencia",
    order: "Pedido",
    what: "Concepto",
    due: "Vencimiento",
    not_yet_due: "aún no vence",
    days_late: "Días de retraso",
    amount: "Importe",
    paid: "Pagado",
    total_open: "Total pendiente",
    of_which_overdue: "del cual vencido",
    of_which_disputed: "del cual en disputa",
    asked_now: "se solicita ahora",
    nothing_open: "No hay importes pendientes.",
    pay_to: "Datos para el pago",
    holder: "Titular de la cuenta",
    bank: "Banco",
    account: "Cuenta / IBAN",
    swift: "SWIFT / BIC",
    quote_reference: "Le rogamos indicar en su pago la referencia de cada partida.",
    included: "Se incluyen los pagos recibidos hasta el {date}. ",
    note: "Si ya ha pagado o sus registros difieren, escríbanos a {email}.",
    note_without_email: "Si ya ha pagado o sus registros difieren, le rogamos que nos lo comunique.",
    milestones: ["anticipo", "saldo", "pago total", "plazo", "muestra", "flete", "intereses"],
    rests: [
        "se paga a través del banco",
        "pendiente de solución nuestra: no se solicita ahora",
        "en suspenso: no se solicita ahora",
        "comunicado como pagado: no se solicita ahora",
        "con promesa de pago: no se solicita ahora",
        "pagos en comprobación: no se solicita ahora",
    ],
};

const ZH: Words = Words {
    account_statement: "对账单",
    as_of: "截至",
    customer: "客户",
    from: "供方",
    open: "未付",
    overdue: "已逾期",
    disputed: "有争议",
    credited: "已冲减",
    reference: "单据号",
    order: "订单号",
    what: "款项",
    due: "到期日",
    not_yet_due: "未到期",
    days_late: "逾期天数",
    amount: "金额",
    paid: "已付",
    total_open: "未付合计",
    of_which_overdue: "其中已逾期",
    of_which_disputed: "其中有争议",
    asked_now: "目前请付",
    nothing_open: "目前没有未付款项。",
    pay_to: "收款账户",
    holder: "户名",
    bank: "开户行",
    account: "账号",
    swift: "SWIFT 代码",
    quote_reference: "付款时请注明各笔款项的单据号。",
    included: "以上已计入截至{date}收到的款项。",
    note: "如贵方已付款或账目有出入，请来信{email}。",
    note_without_email: "如贵方已付款或账目有出入，请与我们联系。",
    milestones: ["预付款", "尾款", "全款", "分期款", "样品费", "运费", "利息"],
    rests: [
        "经银行付款",
        "待我方处理，目前不催付",
        "暂缓，目前不催付",
        "贵方告知已付，目前不催付",
        "已承诺付款，目前不催付",
        "正在核对到账，目前不催付",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_milestone_has_its_own_word() {
        for language in Language::ALL {
            let mut words: Vec<_> = Milestone::ALL.iter().map(|m| Words::of(language).milestone(*m)).collect();
            words.sort_unstable();
            words.dedup();
            assert_eq!(words.len(), Milestone::ALL.len(), "{language:?}");
        }
        assert_eq!(Words::of(Language::Es).milestone(Milestone::Deposit), "anticipo");
    }
}
