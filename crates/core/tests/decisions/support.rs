//! One debtor and its firm, built in memory from the playbooks that ship, for tests of `decide` and `audit`.
//! The firm sits in Shanghai, the buyer in Italy; what has happened is added line by line.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use dunlin_core::audit::{Breach, Rules, audit};
use dunlin_core::calendar::countries::Countries;
use dunlin_core::case::{Case, CaseState, Entry, StepTaken};
use dunlin_core::decide::{World, decide};
use dunlin_core::facts::{ContactMade, ContactRules, DebtorFacts, ReceivableFacts, TenantFacts};
use dunlin_core::gate_facts::{Dispute, Hold, HoldKind, Promise, PromiseState, UnmatchedMoney};
use dunlin_core::ids::{
    CaseId, ContactId, DisputeId, HoldId, LedgerEntryId, PartyId, PaymentId, PromiseId, ReceivableId,
};
use dunlin_core::letter::Purpose;
use dunlin_core::lookahead::apply::carry_out;
use dunlin_core::money::Money;
use dunlin_core::order::OrderSource;
use dunlin_core::party::{Channel, Contact, ContactRole, Party, Ways};
use dunlin_core::plan::Plan;
use dunlin_core::playbook::{Playbooks, parse};
use dunlin_core::receivable::ledger::{LedgerEntry, LedgerKind};
use dunlin_core::receivable::{Milestone, Obligor, Receivable, Trigger};
use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// Every playbook under `/playbooks`.
pub fn playbooks() -> &'static Playbooks {
    static READ: OnceLock<Playbooks> = OnceLock::new();
    READ.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../playbooks");
        let mut current = Vec::new();
        for entry in std::fs::read_dir(folder).expect("the folder of playbooks") {
            let path = entry.expect("an entry").path();
            if path.extension().is_some_and(|ending| ending == "toml") {
                let text = std::fs::read_to_string(&path).expect("a playbook");
                current.push(Arc::new(parse::parse(&path.to_string_lossy(), &text).expect("a sound playbook")));
            }
        }
        Playbooks::new(current, Vec::new())
    })
}

pub fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

pub fn day(text: &str) -> Date {
    text.parse().expect("a day")
}

/// `USD 1000.00`
pub fn money(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').expect("a currency and an amount");
    Money::parse(amount, dunlin_core::money::currency(code).expect("a currency")).expect("an amount")
}

/// Playbooks of a test of its own, from their texts.
pub fn playbooks_of(texts: &[&str]) -> &'static Playbooks {
    let read = |text: &&str| Arc::new(parse::parse("of the test", text).expect("a sound playbook"));
    Box::leak(Box::new(Playbooks::new(texts.iter().map(read).collect(), Vec::new())))
}

/// The firm and one debtor.
#[derive(Clone)]
pub struct Setup {
    pub playbooks: &'static Playbooks,
    pub tenant: TenantFacts,
    pub facts: DebtorFacts,
}

/// The contact that letters go to, and the one above.
pub const FINANCE: ContactId = ContactId(11);
pub const OWNER: ContactId = ContactId(12);

impl Setup {
    /// Nobody to write to yet, nothing owed.
    pub fn bare(country: &str) -> Self {
        let party = Party {
            id: PartyId(1),
            number: "D-0001".to_string(),
            name: "Rossi S.r.l.".to_string(),
            country: country.to_string(),
            language: None,
            is_consumer: false,
            blacklisted: false,
            grade: None,
            playbook_override: None,
        };
        let facts = DebtorFacts::of(party);
        let tenant = TenantFacts {
            time_zone: TimeZone::get("Asia/Shanghai").expect("a zone"),
            rules: ContactRules::default(),
            promise_margin_days: 2,
            promise_cap_days: 30,
            statements: None,
            restored_at: None,
            review_all: false,
        };
        Self { playbooks: playbooks(), tenant, facts }
    }

    /// With a finance contact (email, phone) and an owner (email).
    pub fn company() -> Self {
        let mut setup = Self::bare("IT");
        setup.contact(FINANCE, ContactRole::Finance, Ways { email: true, in_site: false, phone: true });
        setup.contact(OWNER, ContactRole::Owner, Ways { email: true, in_site: false, phone: false });
        setup
    }

    pub fn contact(&mut self, id: ContactId, role: ContactRole, ways: Ways) {
        let party_id = self.facts.party.id;
        let (objected, suppressed) = (false, Vec::new());
        let contact =
            Contact { id, party_id, role, language: None, time_zone: None, ways, objected, suppressed, person: None };
        self.facts.contacts.push(contact);
    }

    /// A receivable with its running case; answers its index.
    pub fn owes(&mut self, amount: &str, milestone: Milestone, trigger: Trigger, due_on: Option<Date>) -> usize {
        let index = self.facts.receivables.len();
        let nth = index as u128 + 1;
        let marketplace = trigger == Trigger::OrderPlaced;
        let receivable = Receivable {
            id: ReceivableId(100 + nth),
            party_id: self.facts.party.id,
            order_id: None,
            invoice_id: None,
            number: format!("R-{nth}"),
            reference: format!("INV-{nth}"),
            milestone,
            trigger,
            days: 0,
            amount: money(amount),
            triggered_on: due_on,
            due_on,
            placed_at: None,
            obligor: Obligor::Buyer,
            source: if marketplace { OrderSource::Marketplace } else { OrderSource::Direct },
            closed: false,
        };
        let case = Case {
            id: CaseId(200 + nth),
            state: CaseState::Running,
            playbook: None,
            started_at: at("2026-01-02T00:00:00Z"),
            entry: Entry::Standard,
            steps: Vec::new(),
            letter: None,
            task: None,
        };
        self.facts.receivables.push(ReceivableFacts {
            receivable,
            entries: Vec::new(),
            order_number: None,
            why: None,
            dates: Vec::new(),
            case: Some(case),
        });
        index
    }

    pub fn receivable(&mut self, index: usize) -> &mut Receivable {
        &mut self.facts.receivables[index].receivable
    }

    pub fn case(&mut self, index: usize) -> &mut Case {
        self.facts.receivables[index].case.as_mut().expect("a case")
    }

    pub fn paid(&mut self, index: usize, amount: &str) {
        let item = &mut self.facts.receivables[index];
        item.entries.push(LedgerEntry {
            id: LedgerEntryId(300 + item.entries.len() as u128),
            receivable_id: item.receivable.id,
            kind: LedgerKind::Allocation,
            amount: money(amount),
            payment: None,
            reverses: None,
            effective_on: day("2026-03-01"),
            note: String::new(),
        });
    }

    /// A step taken at that moment, by a letter or call that counts as a pressing contact.
    pub fn took(&mut self, index: usize, step: &str, level: u8, when: Timestamp) {
        let taken = StepTaken {
            step: step.into(),
            level,
            round: 0,
            taken_at: when,
            answer_by: None,
            done_at: Some(when),
            voided: false,
            end: None,
        };
        self.case(index).steps.push(taken);
        self.pressed(when);
    }

    /// A pressing contact about anything.
    pub fn pressed(&mut self, when: Timestamp) {
        let (channel, purpose) = (Channel::Email, Purpose::Press);
        self.facts.contacts_made.push(ContactMade {
            at: when,
            letter_id: None,
            is_done: true,
            channel,
            purpose,
            contact_id: None,
            receivable_id: None,
        });
    }

    /// On one receivable, or on the whole party.
    pub fn hold(&mut self, index: Option<usize>, until: &str) {
        let receivable_id = index.map(|index| self.facts.receivables[index].receivable.id);
        let why = "a visit".to_string();
        self.facts.holds.push(Hold {
            id: HoldId(1),
            kind: HoldKind::Pause,
            receivable_id,
            why,
            until: day(until),
            released: false,
        });
    }

    pub fn promise(&mut self, index: Option<usize>, amount: Option<&str>, promised_on: &str, pay_on: &str) {
        self.facts.promises.push(Promise {
            id: PromiseId(1),
            receivable_id: index.map(|index| self.facts.receivables[index].receivable.id),
            promised_on: day(promised_on),
            pay_on: day(pay_on),
            amount: amount.map(money),
            state: PromiseState::Open,
        });
    }

    pub fn dispute(&mut self, index: usize, amount: Option<&str>) {
        self.facts.disputes.push(Dispute {
            id: DisputeId(1),
            receivable_id: self.facts.receivables[index].receivable.id,
            amount: amount.map(money),
            why: "scratches".to_string(),
            resolved: false,
        });
    }

    pub fn unmatched(&mut self, amount: &str) {
        self.facts.unmatched.push(UnmatchedMoney {
            payment_id: PaymentId(1),
            payment_number: "P-0001".to_string(),
            left: money(amount),
            received_on: day("2026-03-06"),
            payer_name: "ROSSI".to_string(),
        });
    }

    pub fn rules(&self) -> Rules<'_> {
        Rules { tenant: &self.tenant, playbooks: self.playbooks, countries: Countries::shipped() }
    }

    pub fn decide(&self, now: Timestamp) -> Plan {
        let world = World::new(&self.tenant, self.playbooks, Countries::shipped(), now);
        decide(&self.facts, &world).expect("sums that fit")
    }

    pub fn audit(&self, plan: &Plan) -> Result<(), Breach> {
        audit(plan, &self.facts, &self.rules())
    }

    /// The world after the plan: letters have left at their moment (approvals were given), calls were made.
    pub fn carry_out(&mut self, plan: &Plan) {
        carry_out(&mut self.facts, plan);
    }
}
