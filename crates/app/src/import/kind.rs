//! What a file can be, which columns each kind takes, and which of them it cannot do without.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::fields::Field::{self, *};

/// What the rows of a file are, as `--kind` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Orders,
    Debtors,
    Contacts,
    Receivables,
    Payments,
    Payouts,
    Products,
    Stock,
}

impl Kind {
    pub const ALL: [Self; 8] = [
        Self::Orders,
        Self::Debtors,
        Self::Contacts,
        Self::Receivables,
        Self::Payments,
        Self::Payouts,
        Self::Products,
        Self::Stock,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Debtors => "debtors",
            Self::Contacts => "contacts",
            Self::Receivables => "receivables",
            Self::Payments => "payments",
            Self::Payouts => "payouts",
            Self::Products => "products",
            Self::Stock => "stock",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Kind {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(kind) = Self::ALL.into_iter().find(|kind| kind.code() == text) {
            return Ok(kind);
        }
        let known = Self::ALL.map(Self::code).join(", ");
        match text {
            "inquiries" | "tracking" => Err(format!("files of {text} are not read yet; read are: {known}")),
            _ => Err(format!("‘{text}’ is no kind of file; known are: {known}")),
        }
    }
}

/// A kind with its columns. Orders come in two shapes: the seller's own sheet, and the export of a marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layout {
    Direct,
    Marketplace,
    Debtors,
    Contacts,
    Receivables,
    Payments,
    Payouts,
    Products,
    Stock,
}

/// What a layout takes.
pub struct Columns {
    pub fields: &'static [Field],
    /// Of each group at least one field must have a column (or a default).
    pub required: &'static [&'static [Field]],
    /// Here the names of the second field mean the first as well, though less surely than its own.
    pub borrows: &'static [(Field, Field)],
}

const DEBTOR: &[Field] = &[DebtorName, DebtorNumber];

impl Layout {
    pub const ALL: [Self; 9] = [
        Self::Direct,
        Self::Marketplace,
        Self::Debtors,
        Self::Contacts,
        Self::Receivables,
        Self::Payments,
        Self::Payouts,
        Self::Products,
        Self::Stock,
    ];

    pub const fn kind(self) -> Kind {
        match self {
            Self::Direct | Self::Marketplace => Kind::Orders,
            Self::Debtors => Kind::Debtors,
            Self::Contacts => Kind::Contacts,
            Self::Receivables => Kind::Receivables,
            Self::Payments => Kind::Payments,
            Self::Payouts => Kind::Payouts,
            Self::Products => Kind::Products,
            Self::Stock => Kind::Stock,
        }
    }

    /// The source under which identities of its rows are kept.
    pub const fn source(self) -> &'static str {
        match self {
            Self::Marketplace | Self::Payouts => "marketplace",
            _ => "file",
        }
    }

    /// How it is called in messages and in the record of imports.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Direct => "orders",
            Self::Marketplace => "marketplace orders",
            Self::Debtors => "debtors",
            Self::Contacts => "contacts",
            Self::Receivables => "receivables",
            Self::Payments => "payments",
            Self::Payouts => "payouts",
            Self::Products => "products",
            Self::Stock => "stock",
        }
    }

    #[rustfmt::skip] // A table: one line per group of fields.
    pub const fn columns(self) -> Columns {
        match self {
            Self::Direct => Columns {
                fields: &[
                    OrderNumber, DebtorNumber, DebtorName, Country, ContactName, Role, Email, Phone, Language, Currency, Amount,
                    Terms, OrderedOn, ProformaOn, GoodsReadyOn, BlDate, BlCopyOn, InvoiceNumber, InvoiceOn, DueOn, PaidAmount, DepositPaid,
                    PaidAt, SettledOn, ArrivalOn, EtaOn, FreeTimeEndOn, LatestShipmentOn, PresentationOn, CreditExpiryOn, CollectionOn,
                    AcceptanceOn, MaturityOn, Status, Product, Salesperson, Note,
                ],
                required: &[&[OrderNumber], DEBTOR, &[Amount], &[Terms, DueOn]],
                borrows: &[(OrderedOn, PlacedAt)],
            },
            Self::Marketplace => Columns {
                fields: &[
                    OrderNumber, Status, PlacedAt, PaidAt, BuyerName, BuyerLogin, Email, Phone, Country, Product, Quantity,
                    Amount, Currency, PlatformCloseOn, Sku, Price, ShipBy, ShippedAt, Carrier, TrackingNumber, Note,
                ],
                required: &[&[OrderNumber], &[PlacedAt], &[BuyerLogin, Email], &[Amount]],
                borrows: &[(PlacedAt, OrderedOn), (BuyerName, DebtorName)],
            },
            Self::Debtors => Columns {
                fields: &[
                    DebtorNumber, DebtorName, Country, Language, ContactName, Role, Email, Phone, TimeZone, CreditLimit, Currency,
                    Grade, Salesperson, Note,
                ],
                required: &[&[DebtorName]],
                borrows: &[(DebtorName, ContactName)],
            },
            Self::Contacts => Columns {
                fields: &[DebtorNumber, DebtorName, ContactName, Role, Email, Phone, Language, TimeZone, Note],
                required: &[DEBTOR, &[Email, Phone]],
                borrows: &[],
            },
            Self::Receivables => Columns {
                fields: &[
                    Reference, DebtorNumber, DebtorName, Country, ContactName, Role, Email, Phone, Language, Amount, Currency,
                    DueOn, InvoiceOn, Salesperson, Note,
                ],
                required: &[DEBTOR, &[Reference], &[Amount], &[DueOn]],
                borrows: &[(Reference, InvoiceNumber), (Reference, OrderNumber), (InvoiceOn, OrderedOn)],
            },
            Self::Payments => Columns {
                fields: &[Reference, Amount, Currency, ReceivedOn, Payer, Note],
                required: &[&[Amount], &[ReceivedOn]],
                borrows: &[
                    (Amount, PaidAmount), (ReceivedOn, PaidAt), (Reference, InvoiceNumber), (Reference, OrderNumber),
                    (Payer, DebtorName), (Reference, Note),
                ],
            },
            Self::Payouts => Columns {
                fields: &[OrderNumber, PaidOut, GrossAmount, Fee, OtherFees, Currency, PaidOutOn, Reference, Note],
                required: &[&[OrderNumber], &[PaidOut, GrossAmount], &[PaidOutOn]],
                borrows: &[],
            },
            Self::Products => Columns {
                fields: &[
                    Sku, Product, TitleEn, TitleZh, TitleEs, TitleRu, Category, Attributes, Price, Currency, PlatformId, Url,
                    Active, Stock, Note,
                ],
                required: &[&[Sku], &[Product, TitleEn, TitleZh, TitleEs, TitleRu], &[Price]],
                borrows: &[],
            },
            Self::Stock => Columns { fields: &[Sku, Stock, Note], required: &[&[Sku], &[Stock]], borrows: &[(Stock, Quantity)] },
        }
    }
}
