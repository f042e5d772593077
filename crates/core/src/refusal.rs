//! What a person asked for and cannot have: a code with its values. The sentence is in `locales/*/reasons.ftl`, so a
//! page says it in its reader's language, and the command line in English.
//!
//! For what forms run into most; whatever only a program or a spoilt database can cause stays a plain error.

use std::fmt;

use jiff::civil::Date;

use crate::explain::{UiLanguage, coded, page_phrase, phrase};
use crate::locale;
use crate::money::Money;

macro_rules! refusals {
    ($($variant:ident = $key:literal),+ $(,)?) => {
        /// Which refusal; its sentence has the same key.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum RefusalCode { $($variant),+ }

        impl RefusalCode {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => concat!("refused-", $key)),+ }
            }
        }
    };
}

refusals! {
    NotOurNumber = "not-our-number",
    NotADay = "not-a-day",
    DayMissing = "day-missing",
    AmountUnreadable = "amount-unreadable",
    AmountUnclear = "amount-unclear",
    AmountNotPositive = "amount-not-positive",
    ReasonMissing = "reason-missing",
    Missing = "missing",
    HoldOver = "hold-over",
    HoldNone = "hold-none",
    HoldElsewhere = "hold-elsewhere",
    PromisePast = "promise-past",
    PromiseAbove = "promise-above",
    PromiseNone = "promise-none",
    PromiseElsewhere = "promise-elsewhere",
    DisputeCurrency = "dispute-currency",
    DisputeRange = "dispute-range",
    DisputeSettled = "dispute-settled",
    DisputeNone = "dispute-none",
    OrderAskNone = "order-ask-none",
    AskNotKnown = "ask-not-known",
    AskNothingRead = "ask-nothing-read",
    AskUnclear = "ask-unclear",
    AskNotAnswered = "ask-not-answered",
    OrderMomentAhead = "order-moment-ahead",
    OrderDayBefore = "order-day-before",
    OrderStateTold = "order-state-told",
    AskOpenAlready = "ask-open-already",
    AskTooLate = "ask-too-late",
    AskAnswerChanged = "ask-answer-changed",
    AskValueUntrue = "ask-value-untrue",
    AskCostsNothing = "ask-costs-nothing",
    OrderStandsOtherwise = "order-stands-otherwise",
    OrderHasLeft = "order-has-left",
    OrderNothingBack = "order-nothing-back",
    ParcelUnderWay = "parcel-under-way",
    ParcelTold = "parcel-told",
    LetterNotWaiting = "letter-not-waiting",
    LetterChanged = "letter-changed",
    LetterApprovedAlready = "letter-approved-already",
    LetterApproverNew = "letter-approver-new",
    LetterLapsed = "letter-lapsed",
    LetterNotApproved = "letter-not-approved",
    LetterLeft = "letter-left",
    LetterNotStoppable = "letter-not-stoppable",
    LetterNotUncertain = "letter-not-uncertain",
    LetterNotToPaste = "letter-not-to-paste",
    LetterChangedSinceCopied = "letter-changed-since-copied",
    LetterNotDeclined = "letter-not-declined",
    TaskNotOpen = "task-not-open",
    TaskGoneOn = "task-gone-on",
    TaskWithdrawn = "task-withdrawn",
    TaskNotOwnWork = "task-not-own-work",
    PaymentPlaced = "payment-placed",
    PaymentCurrency = "payment-currency",
    PaymentNoPlace = "payment-no-place",
    PaymentNoRest = "payment-no-rest",
    PaymentNotAside = "payment-not-aside",
    ReceivablePaid = "receivable-paid",
    BlockedAlready = "blocked-already",
    NotBlocked = "not-blocked",
    ObjectionSame = "objection-same",
    LowerCurrency = "lower-currency",
    LowerAbove = "lower-above",
    LowerNone = "lower-none",
    MergeSame = "merge-same",
    SeveralFirms = "several-firms",
    DaysMissing = "days-missing",
    PersonNameMissing = "person-name-missing",
    FirmNameMissing = "firm-name-missing",
    NotAnEmail = "not-an-email",
    EmailNotPlain = "email-not-plain",
    FolderOutside = "folder-outside",
    UserKnown = "user-known",
    UserLeft = "user-left",
    UserLeftHand = "user-left-hand",
    UserInvited = "user-invited",
    UserNotIn = "user-not-in",
    LastOwner = "last-owner",
    EraseActive = "erase-active",
    InvitationOver = "invitation-over",
    FirmSetUp = "firm-set-up",
    InvitationBack = "invitation-back",
    TypeToErase = "type-to-erase",
    TypeFirm = "type-firm",
    TypeRestore = "type-restore",
    RestoreSure = "restore-sure",
    RestoreRuns = "restore-runs",
    RestoreElsewhere = "restore-elsewhere",
    RestoreSchema = "restore-schema",
    RestoreKey = "restore-key",
    RestoreUnsigned = "restore-unsigned",
    RestoreUnread = "restore-unread",
    BackupUnreadable = "backup-unreadable",
    BackupsFull = "backups-full",
    StandInPast = "stand-in-past",
    StandInLeft = "stand-in-left",
    StandInSelf = "stand-in-self",
    StandInOrder = "stand-in-order",
    PasswordShort = "password-short",
    PasswordLong = "password-long",
    PasswordWeak = "password-weak",
    PasswordWrong = "password-wrong",
    PasswordTries = "password-tries",
    FactorOther = "factor-other",
    FactorLate = "factor-late",
    FactorCode = "factor-code",
    SignatureLong = "signature-long",
    DifficultyLong = "difficulty-long",
    PageLanguage = "page-language",
    NotATimeZone = "not-a-time-zone",
    NotACurrency = "not-a-currency",
    NotWhole = "not-whole",
    RuleRange = "rule-range",
    MailPort = "mail-port",
    MailPortWrong = "mail-port-wrong",
    MailSecurity = "mail-security",
    AccountTwoPeople = "account-two-people",
    AccountPart = "account-part",
    AccountLong = "account-long",
    AccountShort = "account-short",
    AccountIban = "account-iban",
    AccountSwift = "account-swift",
    AccountSame = "account-same",
    AccountNoneWaits = "account-none-waits",
    AccountChanged = "account-changed",
    AccountNobody = "account-nobody",
    AccountOwn = "account-own",
    AccountJoined = "account-joined",
    AccountProposerNew = "account-proposer-new",
    AccountNoChange = "account-no-change",
    AccountInWords = "account-in-words",
    FileEmpty = "file-empty",
    FileNone = "file-none",
    FileGone = "file-gone",
    FileBroken = "file-broken",
    ColumnUnknown = "column-unknown",
    ColumnsDoubled = "columns-doubled",
    NoStatement = "no-statement",
    DebtorGone = "debtor-gone",
    PersonMissing = "person-missing",
    PersonErased = "person-erased",
    DebtorCompany = "debtor-company",
    MergeKinds = "merge-kinds",
    MergeCountries = "merge-countries",
    MergeBlocked = "merge-blocked",
    MergeSending = "merge-sending",
    SeparateNone = "separate-none",
    SeparateDeeper = "separate-deeper",
    SeparateSending = "separate-sending",
    ContactsNone = "contacts-none",
    ContactUnknown = "contact-unknown",
    ContactElsewhere = "contact-elsewhere",
    PlaybookUnknown = "playbook-unknown",
    KeyName = "key-name",
    KeyRights = "key-rights",
    KeyDays = "key-days",
    KeyOwner = "key-owner",
    KeyRole = "key-role",
    LetterGoneOn = "letter-gone-on",
    LetterCancelledNow = "letter-cancelled-now",
    ApproverName = "approver-name",
    CorrectedBelowPaid = "corrected-below-paid",
    CurrencyLine = "currency-line",
    CurrencyDispute = "currency-dispute",
    CurrencyPromise = "currency-promise",
    PaymentReplaced = "payment-replaced",
    PaymentAside = "payment-aside",
    PaymentRestAside = "payment-rest-aside",
    PaymentPartly = "payment-partly",
    AmountOther = "amount-other",
    LedgerPayment = "ledger-payment",
    LedgerOneCurrency = "ledger-one-currency",
    LedgerSettles = "ledger-settles",
    LedgerOpen = "ledger-open",
    ContactUnreachable = "contact-unreachable",
    ContactTwice = "contact-twice",
    ContactSame = "contact-same",
    ContactRetired = "contact-retired",
    ContactNotRetired = "contact-not-retired",
    ContactGoneOn = "contact-gone-on",
    NotAnAddress = "not-an-address",
    EventAhead = "event-ahead",
    EventNotAwaited = "event-not-awaited",
    PlanCount = "plan-count",
    PlanPast = "plan-past",
    PlanOrder = "plan-order",
    PlanLong = "plan-long",
    PlanSum = "plan-sum",
    PlanLate = "plan-late",
    PlanNone = "plan-none",
    PlanBegun = "plan-begun",
    PlanDisputed = "plan-disputed",
    PlanSilenced = "plan-silenced",
    PlanRuns = "plan-runs",
    WordsLong = "words-long",
    OrderDayRange = "order-day-range",
    OrderDaySame = "order-day-same",
    OrderDayNone = "order-day-none",
    DueSame = "due-same",
    DueFixed = "due-fixed",
    DueElsewhere = "due-elsewhere",
    DueGoneOn = "due-gone-on",
    ClosedOrder = "closed-order",
    ClosedLong = "closed-long",
    ClosedPast = "closed-past",
    ClosedSame = "closed-same",
    ClosedNone = "closed-none",
    ZoneSame = "zone-same",
    NotACountry = "not-a-country",
    CountrySame = "country-same",
    WhyUnknown = "why-unknown",
    WhySame = "why-same",
    WhyNone = "why-none",
    CaseOver = "case-over",
    CaseLetterUnderWay = "case-letter-under-way",
    CaseRestarted = "case-restarted",
    CaseNotBegun = "case-not-begun",
    CaseElsewhere = "case-elsewhere",
    CaseOurs = "case-ours",
    CaseNoPlaybook = "case-no-playbook",
    HandsUnknown = "hands-unknown",
    HandsNameless = "hands-nameless",
    StepUnknown = "step-unknown",
    PlaybookNote = "playbook-note",
    PlaybookOtherId = "playbook-other-id",
    PlaybookMeanwhile = "playbook-meanwhile",
    PlaybookSame = "playbook-same",
    PlaybookVersionNone = "playbook-version-none",
    StepTakenAlready = "step-taken-already",
    StepNotEntered = "step-not-entered",
    RepairNotSent = "repair-not-sent",
    RepairTwice = "repair-twice",
    RepairOfRepair = "repair-of-repair",
    RepairLate = "repair-late",
    RepairSafeMode = "repair-safe-mode",
    RepairUnderWay = "repair-under-way",
    RepairNobody = "repair-nobody",
    TalkEmpty = "talk-empty",
    TalkLong = "talk-long",
    TalkAhead = "talk-ahead",
    TalkFile = "talk-file",
    TalkEnded = "talk-ended",
    IntentUnknown = "intent-unknown",
    IntentWho = "intent-who",
    IntentWhich = "intent-which",
    GradeUnknown = "grade-unknown",
    BlockPast = "block-past",
    SuppressionAddress = "suppression-address",
    SuppressionKind = "suppression-kind",
    SuppressionReason = "suppression-reason",
    SuppressionPast = "suppression-past",
    SuppressionSame = "suppression-same",
    SuppressionNone = "suppression-none",
    ProductUnknown = "product-unknown",
    StockRange = "stock-range",
    StockSame = "stock-same",
    NoOrderChosen = "no-order-chosen",
    OrderNotWaiting = "order-not-waiting",
    OrderNotHeld = "order-not-held",
    OrdersMovedOn = "orders-moved-on",
    ReceiptDays = "receipt-days",
    ReceiptNotAway = "receipt-not-away",
    ReceiptByHand = "receipt-by-hand",
    ReceiptOpen = "receipt-open",
    ReceiptNotUncertain = "receipt-not-uncertain",
    ParcelNumber = "parcel-number",
    ParcelUnknown = "parcel-unknown",
    CarrierUnknown = "carrier-unknown",
    PinSelf = "pin-self",
    PinTwice = "pin-twice",
    PinsMany = "pins-many",
    PinNone = "pin-none",
    ConnectionNone = "connection-none",
    ConnectionAddress = "connection-address",
    ConnectionDemo = "connection-demo",
    ConnectionKeys = "connection-keys",
    ConnectionReturn = "connection-return",
    ServiceSaid = "service-said",
    SupplyPast = "supply-past",
    SupplyNone = "supply-none",
    SupplyLeast = "supply-least",
    ChargesNone = "charges-none",
    TogetherSum = "together-sum",
    AskUnfit = "ask-unfit",
    AskTwice = "ask-twice",
    AskDebtors = "ask-debtors",
    AskHeld = "ask-held",
    AskElsewhere = "ask-elsewhere",
    AskNobody = "ask-nobody",
    AskSafeMode = "ask-safe-mode",
    AskDays = "ask-days",
    AskNotCredit = "ask-not-credit",
    AskNotice = "ask-notice",
    AskNone = "ask-none",
    LatinOnly = "latin-only",
}

/// One value of a refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    Text(String),
    Day(Date),
    Money(Money),
    /// A code of a family of words (`rule-gap-hours`): the command line says the code.
    Word(&'static str, String),
    /// Several of them, each with those that would do as well.
    Words(&'static str, Vec<Vec<&'static str>>),
}

impl Told {
    pub fn word(family: &'static str, code: &str) -> Self {
        Self::Word(family, code.to_string())
    }

    /// As pages show it.
    pub fn shown(&self, language: UiLanguage) -> String {
        let zh = language == UiLanguage::ZhCn;
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(day) => locale::date(*day, language.letters()),
            Self::Money(money) => locale::money(*money, language.letters()),
            Self::Word(family, code) => coded(language, family, code),
            Self::Words(family, groups) => {
                let group = |codes: &Vec<&'static str>| {
                    let words: Vec<String> = codes.iter().map(|code| coded(language, family, code)).collect();
                    words.join(if zh { "或" } else { " or " })
                };
                groups.iter().map(group).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
            }
        }
    }

    /// As the command line says it: days and amounts as they are typed, codes as they are.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Day(day) => day.to_string(),
            Self::Money(money) => money.to_string(),
            Self::Word(_, code) => code.replace('_', " "),
            Self::Words(_, groups) => groups.iter().map(|codes| codes.join(" or ")).collect::<Vec<_>>().join(", "),
        }
    }
}

impl From<String> for Told {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&str> for Told {
    fn from(text: &str) -> Self {
        Self::Text(text.to_string())
    }
}

impl From<&String> for Told {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<i64> for Told {
    fn from(number: i64) -> Self {
        Self::Text(number.to_string())
    }
}

impl From<Date> for Told {
    fn from(day: Date) -> Self {
        Self::Day(day)
    }
}

impl From<Money> for Told {
    fn from(money: Money) -> Self {
        Self::Money(money)
    }
}

/// A refusal; nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    pub code: RefusalCode,
    pub values: Vec<(&'static str, Told)>,
}

impl Refusal {
    pub const fn new(code: RefusalCode) -> Self {
        Self { code, values: Vec::new() }
    }

    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Told>) -> Self {
        self.values.push((name, value.into()));
        self
    }

    /// The sentence for a reader of pages.
    pub fn sentence(&self, language: UiLanguage) -> String {
        page_phrase(language, self.code.key(), &self.filled(|value| value.shown(language)))
    }

    fn filled(&self, shown: impl Fn(&Told) -> String) -> Vec<(&'static str, String)> {
        self.values.iter().map(|(name, value)| (*name, shown(value))).collect()
    }
}

/// As the command line says it: days and amounts as they are typed.
impl fmt::Display for Refusal {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&phrase(UiLanguage::En, self.code.key(), &self.filled(Told::plain)))
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_sentence_in_both_languages() {
        for code in RefusalCode::ALL {
            for language in [UiLanguage::En, UiLanguage::ZhCn] {
                let sentence = Refusal::new(*code).sentence(language);
                assert_ne!(sentence, code.key(), "{code:?} in {}", language.code());
            }
        }
    }

    #[test]
    fn days_are_written_as_the_reader_writes_them() {
        let day = jiff::civil::date(2026, 3, 12);
        let refusal = Refusal::new(RefusalCode::PromisePast).with("day", day).with("today", day);
        assert!(refusal.to_string().contains("2026-03-12"));
        assert!(refusal.sentence(UiLanguage::ZhCn).contains('月'));
    }
}
