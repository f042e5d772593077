//! Writes the seller's spreadsheet as a salesperson keeps it: title rows, Chinese headers, amounts and dates as
//! different hands typed them. One file on the first day, then one every Monday with what has happened since.

use jiff::civil::{Date, date};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::behaviour::decimal;
use super::calendar::{START, days_between, shown_on};
use super::company::NAME_ZH;
use super::contact_file::{email, language_zh, phone};
use super::orders::{Mistyped, Order};
use super::terms::Shape;

const HEADERS: [&str; 21] = [
    "订单号",
    "客户编号",
    "客户名称",
    "国家",
    "联系人",
    "职务",
    "邮箱",
    "电话",
    "语言",
    "币种",
    "合同金额",
    "付款方式",
    "下单日期",
    "PI日期",
    "货好日期",
    "提单日期",
    "提单副本发送日期",
    "发票号",
    "发票日期",
    "已收金额",
    "备注",
];
const HEADER_ROW: u32 = 3;
const NOTES: [&str; 6] = [
    "1. 合同金额为 FOB 宁波价，币种见“币种”列。",
    "2. 日期空白表示还没有发生，例如货未备好、提单副本未发。",
    "3. 已收金额是截至首次登记时收到的款项，之后以银行流水为准。",
    "4. 付款方式按 PI 原文抄写，中英文都有。",
    "5. 有疑问请联系业务一部林悦，分机 8018。",
    "6. 本表仅供内部使用。",
];

/// The file of one Monday.
pub fn order_book(orders: &[Order], monday: Date) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(2026, 3, 2)?;
    workbook.set_properties(&DocProperties::new().set_author("林悦").set_creation_datetime(&created));
    let dates = Format::new().set_num_format("yyyy-mm-dd");
    let money = Format::new().set_num_format("#,##0.00");
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet().set_name("应收明细")?;
    sheet.write_with_format(0, 0, NAME_ZH, &bold)?;
    sheet.write(1, 0, format!("截至 {monday} 应收明细"))?;
    for (column, header) in (0u16..).zip(HEADERS) {
        sheet.write_with_format(HEADER_ROW, column, header, &bold)?;
        sheet.set_column_width(column, if matches!(column, 2 | 6 | 11) { 34 } else { 14 })?;
    }
    let listed = orders.iter().filter(|order| order.is_listed(monday));
    for (row, order) in (HEADER_ROW + 1..).zip(listed) {
        RowWriter { sheet, row, dates: &dates, money: &money, order, monday }.write()?;
    }
    let notes = workbook.add_worksheet().set_name("说明")?;
    for (row, note) in (0u32..).zip(NOTES) {
        notes.write(row, 0, note)?;
    }
    workbook.save_to_buffer()
}

impl Order {
    fn is_listed(&self, monday: Date) -> bool {
        self.listed_on <= monday && self.dropped_on.is_none_or(|dropped| monday < dropped)
    }
}

struct RowWriter<'a> {
    sheet: &'a mut Worksheet,
    row: u32,
    dates: &'a Format,
    money: &'a Format,
    order: &'a Order,
    monday: Date,
}

impl RowWriter<'_> {
    fn write(&mut self) -> Result<(), XlsxError> {
        let (order, debtor) = (self.order, self.order.debtor);
        self.text(0, &order.number)?;
        self.text(1, debtor.code)?;
        self.text(2, debtor.name)?;
        self.text(3, debtor.country.name_zh)?;
        if let Some(person) = debtor.people.first() {
            self.text(4, person.name)?;
            self.text(5, person.role.zh())?;
            self.text(6, &email(debtor, person))?;
            self.text(7, &phone(debtor, person))?;
        }
        self.text(8, language_zh(debtor.language))?;
        self.text(9, debtor.currency)?;
        self.amount()?;
        self.text(11, order.terms.words)?;
        let events = &order.events;
        match order.mistyped {
            Some(Mistyped::OrderedOn(text)) if self.monday == START => self.text(12, text)?,
            _ => self.date(12, events.ordered)?,
        }
        self.date(13, events.proforma)?;
        self.date_once_shown(14, events.ready)?;
        if order.leaves_unpaid() || order.received == order.amount {
            self.date_once_shown(15, events.bill_of_lading)?;
            self.date_once_shown(16, events.copy_sent)?;
        }
        if self.is_shown(events.invoice) {
            self.text(17, &order.invoice_number)?;
            self.date(18, events.invoice)?;
        }
        if order.received > 0 {
            self.number(19, order.received)?;
        }
        self.text(20, note(order, self.monday))
    }

    fn text(&mut self, column: u16, text: &str) -> Result<(), XlsxError> {
        if !text.is_empty() {
            self.sheet.write(self.row, column, text)?;
        }
        Ok(())
    }

    fn number(&mut self, column: u16, minor: i64) -> Result<(), XlsxError> {
        // Spreadsheets keep numbers as floats; amounts below 2^53 cents come out as they went in.
        #[allow(clippy::cast_precision_loss)]
        let value = minor as f64 / 100.0;
        self.sheet.write_with_format(self.row, column, value, self.money)?;
        Ok(())
    }

    /// The amount as this row's typist writes amounts.
    fn amount(&mut self) -> Result<(), XlsxError> {
        let order = self.order;
        let minor = order.corrected.map_or(
            order.amount,
            |(from, before)| {
                if self.monday < from { before } else { order.amount }
            },
        );
        if let Some(Mistyped::Amount(text)) = order.mistyped
            && self.monday == START
        {
            return self.text(10, text);
        }
        let (grouped, currency) = (grouped(minor), order.debtor.currency);
        match order.dice("amount style").between(0, 23) {
            0 => self.text(10, &format!("{currency} {grouped}")),
            1 => self.text(10, &grouped),
            2 if currency == "USD" => self.text(10, &format!("US${grouped}")),
            2 => self.text(10, &format!("€{grouped}")),
            3 => self.text(10, &full_width(&grouped)),
            4 => self.text(10, &format!(" {grouped}{currency}")),
            _ => self.number(10, minor),
        }
    }

    fn is_shown(&self, event: Date) -> bool {
        shown_on(event).is_some_and(|shown| shown <= self.monday)
    }

    fn date_once_shown(&mut self, column: u16, event: Date) -> Result<(), XlsxError> {
        if self.is_shown(event) { self.date(column, event) } else { Ok(()) }
    }

    /// Mostly real dates; some rows have been typed as text.
    fn date(&mut self, column: u16, on: Date) -> Result<(), XlsxError> {
        let (year, month, day) = (on.year(), on.month(), on.day());
        match self.order.dice("date style").between(0, 15) {
            0 => self.text(column, &format!("{year}.{month}.{day}")),
            1 => self.text(column, &format!("{year}/{month}/{day}")),
            2 => self.text(column, &format!("{year}年{month}月{day}日")),
            3 => self.text(column, &on.to_string()),
            _ => {
                #[allow(clippy::cast_precision_loss)]
                let serial = days_between(date(1899, 12, 30), on) as f64;
                self.sheet.write_with_format(self.row, column, serial, self.dates)?;
                Ok(())
            }
        }
    }
}

impl Order {
    /// Whether the goods may leave before the money has come.
    fn leaves_unpaid(&self) -> bool {
        matches!(
            self.terms.shape,
            Shape::DepositThenCopy { .. } | Shape::OpenFromBl(_) | Shape::OpenFromInvoice(_) | Shape::EndOfMonth(_)
        )
    }
}

fn note(order: &Order, monday: Date) -> &'static str {
    match order.dice("note").between(0, 11) {
        _ if order.corrected.is_some_and(|(from, _)| monday >= from) => "金额按实际出货数量更正",
        0 => "老客户",
        1 => "客户指定货代",
        2 => "分两批出货",
        3 => "展会客户",
        _ => "",
    }
}

/// `12,430.00`
fn grouped(minor: i64) -> String {
    let plain = decimal(minor);
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut out = String::new();
    for (at, digit) in whole.chars().enumerate() {
        if at > 0 && (whole.len() - at) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    format!("{out}.{cents}")
}

/// `１２，４３０．００`, as an input method in full-width mode types it.
fn full_width(text: &str) -> String {
    text.chars().map(|c| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c)).collect()
}
