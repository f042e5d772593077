//! Every page, form and call there is: one line each, with who may come in and what it is about. The router is built
//! from this list, the guard closes whatever is not on it, and the tests of isolation walk along it: a new route is in
//! them by being here.

use std::sync::{Arc, LazyLock};

use axum::extract::DefaultBodyLimit;
use axum::http::Method;
use axum::routing::MethodRouter;
use dunlin_core::access::Right::{
    self, ApproveSevere, Assign, AuditLog, BankAccounts, Data, Import, Lower, Money, See, Settings, Users, Work,
};
use dunlin_store::Seen;

use super::answer::{get, post};
use super::{api, arrivals, entrance, hooks, live, playbooks, posts, restoring, routes, settings};
use crate::building::Building;
use crate::use_cases::log_talk::MOST_FILE_BYTES;
use crate::use_cases::note_tracking;
use crate::use_cases::take_in::MOST_BYTES;

/// Who may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Anyone,
    /// Whoever is signed in, whatever their role.
    SignedIn,
    May(Right),
}

/// One way in.
pub struct Door {
    pub method: Method,
    /// As the router writes it: `/letters/{number}/approve`.
    pub path: &'static str,
    pub who: Who,
    /// What the part in braces names; the guard lets nobody see what is not theirs.
    pub about: Option<Seen>,
    answer: fn() -> MethodRouter<Arc<Building>>,
}

impl Door {
    pub const fn page(path: &'static str, who: Who, answer: fn() -> MethodRouter<Arc<Building>>) -> Self {
        Self { method: Method::GET, path, who, about: None, answer }
    }

    pub const fn form(path: &'static str, who: Who, answer: fn() -> MethodRouter<Arc<Building>>) -> Self {
        Self { method: Method::POST, path, who, about: None, answer }
    }

    #[must_use]
    pub const fn about(mut self, seen: Seen) -> Self {
        self.about = Some(seen);
        self
    }

    #[must_use]
    pub fn by(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    pub fn is_api(&self) -> bool {
        self.path.starts_with("/api/")
    }

    /// What a path of this door names in its first braces.
    pub fn subject(&self, path: &str) -> String {
        let mut parts = self.path.split('/').zip(path.split('/'));
        let found = parts.find(|(pattern, _)| pattern.starts_with('{')).map_or("", |(_, name)| name);
        percent_decoded(found)
    }

    /// A path through this door with `name` in every pair of braces.
    pub fn filled(&self, name: &str) -> String {
        let parts: Vec<&str> =
            self.path.split('/').map(|part| if part.starts_with('{') { name } else { part }).collect();
        parts.join("/")
    }

    pub(super) fn router(&self) -> MethodRouter<Arc<Building>> {
        (self.answer)()
    }
}

/// `%2F` and its like: the guard must read a name as the handler does.
pub(super) fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = (bytes[at] == b'%').then(|| text.get(at + 1..at + 3)).flatten();
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A picture with the words of a talk around it.
const MOST_FORM_BYTES: usize = MOST_FILE_BYTES + 256 * 1024;

const fn may(right: Right) -> Who {
    Who::May(right)
}

/// The whole list.
pub static DOORS: LazyLock<Vec<Door>> = LazyLock::new(|| {
    let mut all = entrance_doors();
    all.extend(page_doors());
    all.extend(debtor_forms());
    all.extend(receivable_forms());
    all.extend(desk_forms());
    all.extend(playbook_doors());
    all.extend(settings_doors());
    all.extend(arrival_doors());
    all.extend(api::doors());
    all
});

/// The door of a request, by the pattern that the router matched.
pub fn door(method: &Method, path: &str) -> Option<&'static Door> {
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    DOORS.iter().find(|door| door.path == path && door.method == *method)
}

/// Whether a path leads to a page: a redirect there finds one.
pub fn is_page(path: &str) -> bool {
    let fits = |door: &&Door| {
        door.method == Method::GET
            && door.path.split('/').count() == path.split('/').count()
            && door
                .path
                .split('/')
                .zip(path.split('/'))
                .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
    };
    DOORS.iter().filter(|door| !door.is_api()).any(|door| fits(&door))
}

fn entrance_doors() -> Vec<Door> {
    vec![
        Door::page("/sign-in", Who::Anyone, || get(entrance::sign_in_page)),
        Door::form("/sign-in", Who::Anyone, || post(entrance::sign_in)),
        Door::form("/sign-in/demo", Who::Anyone, || post(entrance::sign_in_to_demo)),
        Door::form("/sign-out", Who::SignedIn, || post(entrance::sign_out)),
        Door::page("/set-up", Who::Anyone, || get(entrance::set_up_page)),
        Door::form("/set-up", Who::Anyone, || post(entrance::set_up)),
        Door::page("/join/{tenant}/{secret}", Who::Anyone, || get(entrance::join_page)),
        Door::form("/join/{tenant}/{secret}", Who::Anyone, || post(entrance::join)),
        Door::page("/restoring", Who::Anyone, || get(restoring::page)),
        Door::form("/hooks/17track/{tenant}/{hook}", Who::Anyone, || {
            post(hooks::track17).layer(DefaultBodyLimit::max(note_tracking::MOST_BYTES))
        }),
        Door::page("/assets/{name}", Who::Anyone, || get(routes::asset)),
    ]
}

fn page_doors() -> Vec<Door> {
    vec![
        Door::page("/", Who::Anyone, || get(routes::front)),
        Door::page("/today", may(See), || get(routes::today_page)),
        Door::page("/debtors", may(See), || get(routes::debtors::debtors_page)),
        Door::page("/debtors/{number}", may(See), || get(routes::debtors::debtor_page)).about(Seen::Party),
        Door::page("/debtors/{number}/talks/{talk}", may(See), || get(routes::debtors::talk_page)).about(Seen::Party),
        Door::page("/debtors/{number}/talks/{talk}/file", may(See), || get(routes::debtors::talk_file))
            .about(Seen::Party),
        Door::page("/receivables/{number}", may(See), || get(routes::debtors::receivable_page)).about(Seen::Receivable),
        Door::page("/receivables/{number}/plan", may(Work), || get(routes::debtors::plan_page)).about(Seen::Receivable),
        Door::page("/orders", may(See), || get(routes::orders::orders_page)),
        Door::page("/board", may(See), || get(routes::orders::board_page)),
        Door::page("/parcels", may(See), || get(routes::orders::parcels_page)),
        Door::page("/platform-debts", may(See), || get(routes::orders::platform_page)),
        Door::page("/orders/{number}", may(See), || get(routes::orders::order_page)).about(Seen::Order),
        Door::page("/orders/{number}/stock-out", may(Work), || get(routes::orders::stock_out_page)).about(Seen::Order),
        Door::page("/products", may(See), || get(routes::products::products_page)),
        Door::page("/products/{sku}", may(See), || get(routes::products::product_page)),
        Door::page("/money", may(See), || get(routes::money_page)),
        Door::page("/payments/{number}/ask", may(Work), || get(routes::ask_page)).about(Seen::Payment),
        Door::page("/receivables/{number}/discrepancy", may(Work), || get(routes::debtors::discrepancy_page))
            .about(Seen::Receivable),
        Door::page("/letters", may(See), || get(routes::letters::letters_page)),
        Door::page("/letters/{number}", may(See), || get(routes::letters::letter_page)).about(Seen::Letter),
        Door::page("/letters/{number}/repair", may(Work), || get(routes::letters::repair_page)).about(Seen::Letter),
        Door::page("/letters/{number}/statement.pdf", may(See), || get(routes::letters::statement)).about(Seen::Letter),
        Door::page("/simulation", may(See), || get(routes::simulation_page)),
        Door::page("/backtest", may(See), || get(routes::backtest_page)),
        Door::page("/events", Who::SignedIn, || get(live::events)),
        Door::page("/search", may(See), || get(routes::search_page)),
        Door::page("/ui", may(See), || get(routes::ui_page)),
    ]
}

fn debtor_forms() -> Vec<Door> {
    let form = |path, right, answer| Door::form(path, may(right), answer).about(Seen::Party);
    vec![
        form("/debtors/{number}/hold", Work, || post(posts::hold_debtor)),
        form("/debtors/{number}/promise", Work, || post(posts::promise_debtor)),
        form("/debtors/{number}/hold/end", Work, || post(posts::end_hold)),
        form("/debtors/{number}/promise/withdraw", Work, || post(posts::withdraw)),
        form("/debtors/{number}/contacts", Work, || post(posts::by_hand::contact)),
        form("/debtors/{number}/talks", Work, || post(posts::talks::log).layer(DefaultBodyLimit::max(MOST_FORM_BYTES))),
        form("/debtors/{number}/talks/{talk}/end", Work, || post(posts::talks::end)),
        form("/debtors/{number}/contacts/{contact}", Work, || post(posts::by_hand::change)),
        form("/debtors/{number}/contacts/{contact}/retire", Work, || post(posts::by_hand::retire)),
        form("/debtors/{number}/contacts/{contact}/reinstate", Work, || post(posts::by_hand::reinstate)),
        form("/debtors/{number}/contacts/{contact}/undo", Work, || post(posts::by_hand::undo)),
        form("/debtors/{number}/contacts/{contact}/objection", Work, || post(posts::objection)),
        form("/debtors/{number}/closed", Work, || post(posts::days::close)),
        form("/debtors/{number}/closed/end", Work, || post(posts::days::open_again)),
        form("/debtors/{number}/time-zone", Work, || post(posts::days::time_zone)),
        form("/debtors/{number}/country", Work, || post(posts::days::country)),
        form("/debtors/{number}/block", Assign, || post(posts::block)),
        form("/debtors/{number}/unblock", Assign, || post(posts::unblock)),
        form("/debtors/{number}/grade", Assign, || post(posts::grade)),
        form("/debtors/{number}/merge", Assign, || post(posts::merge)),
        form("/debtors/{number}/separate", Assign, || post(posts::separate)),
        form("/debtors/{number}/assign", Assign, || post(posts::people::assign)),
        form("/debtors/{number}/playbook", Assign, || post(posts::playbook)),
        form("/debtors/{number}/supply/allow", ApproveSevere, || post(posts::supply::allow)),
        form("/debtors/{number}/supply/stop", ApproveSevere, || post(posts::supply::stop)),
        form("/debtors/{number}/supply/end", ApproveSevere, || post(posts::supply::end)),
        form("/debtors/{number}/credit-limit", Money, || post(posts::supply::limit)),
    ]
}

fn receivable_forms() -> Vec<Door> {
    let form = |path, right, answer| Door::form(path, may(right), answer).about(Seen::Receivable);
    vec![
        form("/receivables/{number}/hold", Work, || post(posts::hold_receivable)),
        form("/receivables/{number}/promise", Work, || post(posts::promise_receivable)),
        form("/receivables/{number}/happened", Work, || post(posts::by_hand::happened)),
        form("/receivables/{number}/days", Work, || post(posts::days::set_day)),
        form("/receivables/{number}/days/end", Work, || post(posts::days::end_day)),
        form("/receivables/{number}/due", Work, || post(posts::days::set_due)),
        form("/receivables/{number}/due/end", Work, || post(posts::days::end_due)),
        form("/receivables/{number}/due/undo", Work, || post(posts::days::undo_due)),
        form("/receivables/{number}/dispute", Work, || post(posts::dispute)),
        form("/receivables/{number}/dispute/resolve", Work, || post(posts::resolve)),
        form("/receivables/{number}/hold/end", Work, || post(posts::end_hold_of)),
        form("/receivables/{number}/promise/withdraw", Work, || post(posts::withdraw_of)),
        form("/receivables/{number}/why", Work, || post(posts::cases::why)),
        form("/receivables/{number}/why/end", Work, || post(posts::cases::clear_why_of)),
        form("/receivables/{number}/why/undo", Work, || post(posts::cases::undo_why_of)),
        form("/receivables/{number}/restart", Work, || post(posts::cases::restart)),
        form("/receivables/{number}/hand-over", ApproveSevere, || post(posts::cases::hand_over)),
        form("/receivables/{number}/take-back", ApproveSevere, || post(posts::cases::take_back)),
        form("/receivables/{number}/steps", Work, || post(posts::cases::enter_step)),
        form("/receivables/{number}/steps/undo", Work, || post(posts::cases::undo_step)),
        form("/receivables/{number}/credit", Lower, || post(posts::credit)),
        form("/receivables/{number}/credit/undo", Lower, || post(posts::undo_credit)),
        form("/receivables/{number}/write-off", Lower, || post(posts::write_off)),
        form("/receivables/{number}/plan/preview", Work, || post(posts::plans::preview)),
        form("/receivables/{number}/plan", Work, || post(posts::plans::agree)),
        form("/receivables/{number}/plan/end", Work, || post(posts::plans::end)),
        form("/receivables/{number}/discrepancy", Work, || post(posts::ask::documents)),
        form("/receivables/{number}/charges", Lower, || post(posts::rest::charges)),
        form("/receivables/{number}/write-off/undo", Lower, || post(posts::undo_write_off)),
    ]
}

fn desk_forms() -> Vec<Door> {
    let letter = |path, answer| Door::form(path, may(Work), answer).about(Seen::Letter);
    let task = |path, answer| Door::form(path, may(Work), answer).about(Seen::Task);
    let payment = |path, answer| Door::form(path, may(Money), answer).about(Seen::Payment);
    let order = |path, answer| Door::form(path, may(Work), answer).about(Seen::Order);
    vec![
        Door::form("/money/accounts/retire", may(Money), || post(posts::accounts::retire)),
        Door::form("/money/accounts/use", may(Money), || post(posts::accounts::used)),
        payment("/payments/{number}/match", || post(posts::match_payment)),
        payment("/payments/{number}/match/undo", || post(posts::undo_match_of)),
        payment("/payments/{number}/set-aside", || post(posts::set_aside)),
        payment("/payments/{number}/set-aside/undo", || post(posts::undo_set_aside)),
        letter("/letters/{number}/approve", || post(posts::approve)),
        letter("/letters/{number}/unapprove", || post(posts::unapprove)),
        letter("/letters/{number}/decline", || post(posts::decline)),
        letter("/letters/{number}/reinstate", || post(posts::reinstate)),
        letter("/letters/{number}/settle", || post(posts::settle)),
        letter("/letters/{number}/pasted", || post(posts::pasted)),
        Door::form("/payments/{number}/ask", may(Work), || post(posts::ask::payment)).about(Seen::Payment),
        letter("/letters/{number}/answer", || post(posts::ask::answered)),
        letter("/letters/{number}/repair", || post(posts::repair)),
        Door::form("/board", may(Work), || post(posts::running::board)),
        Door::form("/board/hold/undo", may(Work), || post(posts::running::undo_board_hold)),
        Door::form("/board/stock/undo", may(Work), || post(posts::running::undo_board_stock)),
        Door::form("/board/release/undo", may(Work), || post(posts::running::undo_board_release)),
        Door::form("/board/ship/undo", may(Work), || post(posts::running::undo_board_ship)),
        order("/orders/{number}/stock-out", || post(posts::running::stocked_out)),
        order("/orders/{number}/state", || post(posts::order_state::said)),
        order("/orders/{number}/state/undo", || post(posts::order_state::taken_back)),
        order("/orders/{number}/more-time", || post(posts::running::more_time)),
        order("/orders/{number}/more-time/settle", || post(posts::running::more_time_settled)),
        order("/orders/{number}/asks", || post(posts::order_asks::raise)),
        order("/orders/{number}/asks/undo", || post(posts::order_asks::reopened)),
        order("/orders/{number}/asks/{ask}/answer", || post(posts::order_asks::answered)),
        order("/orders/{number}/asks/{ask}/apply", || post(posts::order_asks::applied)),
        order("/orders/{number}/asks/{ask}/drop", || post(posts::order_asks::dropped)),
        order("/orders/{number}/asks/{ask}/end", || post(posts::order_asks::ended)),
        Door::form("/products/{sku}/stock", may(Work), || post(posts::products::stock)),
        Door::form("/products/{sku}/pins", may(Work), || post(posts::products::pin)),
        Door::form("/products/{sku}/pins/end", may(Work), || post(posts::products::unpin)),
        task("/tasks/{number}/done", || post(posts::finish)),
        task("/tasks/{number}/drop", || post(posts::not_needed)),
        task("/tasks/{number}/reopen", || post(posts::reopen)),
        task("/tasks/{number}/snooze", || post(posts::snooze)),
        task("/tasks/{number}/unsnooze", || post(posts::unsnooze)),
    ]
}

fn playbook_doors() -> Vec<Door> {
    let form = |path, answer| Door::form(path, may(Settings), answer);
    vec![
        Door::page("/playbooks", may(See), || get(playbooks::list)),
        Door::page("/playbooks/{id}", may(See), || get(playbooks::one)),
        Door::page("/playbooks/{id}/letters/{letter}", may(See), || get(playbooks::letter)),
        Door::page("/playbooks/{id}/edit", may(Settings), || get(playbooks::edit)),
        form("/playbooks/{id}/check", || post(posts::playbooks::check)),
        form("/playbooks/{id}/publish", || post(posts::playbooks::publish)),
        form("/playbooks/{id}/again", || post(posts::playbooks::again)),
    ]
}

fn settings_doors() -> Vec<Door> {
    use posts::{data, firm, me, people};
    let mine = |path, answer| Door::form(path, Who::SignedIn, answer);
    let form = |path, right, answer| Door::form(path, may(right), answer);
    vec![
        Door::page("/settings", Who::SignedIn, || get(settings::front)),
        Door::page("/settings/company", may(Settings), || get(settings::company)),
        form("/settings/company", Settings, || post(firm::company)),
        form("/settings/rules", Settings, || post(firm::rules)),
        form("/settings/supply", Settings, || post(posts::supply::rules)),
        Door::page("/settings/me", Who::SignedIn, || get(settings::me)),
        mine("/settings/me", || post(me::own)),
        mine("/settings/me/password", || post(me::password)),
        mine("/settings/me/factor", || post(me::begin_factor)),
        mine("/settings/me/factor/keep", || post(me::finish_factor)),
        mine("/settings/me/factor/drop", || post(me::remove_factor)),
        mine("/settings/me/sessions/{session}/end", || post(me::end_own_session)).about(Seen::Session),
        mine("/settings/me/keys", || post(me::new_key)),
        mine("/settings/me/keys/{key}/end", || post(me::end_own_key)).about(Seen::Key),
        Door::page("/settings/people", may(Assign), || get(settings::people)),
        form("/settings/people/invite", Users, || post(people::invite_person)),
        form("/settings/people/{user}/again", Users, || post(people::invite_person_again)).about(Seen::User),
        form("/settings/people/{user}/change", Users, || post(people::change_person)).about(Seen::User),
        form("/settings/people/{user}/sign-out", Users, || post(people::sign_out_person)).about(Seen::User),
        form("/settings/people/{user}/erase", Users, || post(people::erase_person_here)).about(Seen::User),
        form("/settings/people/cover", Assign, || post(people::cover)),
        form("/settings/people/cover/{cover}/end", Assign, || post(people::end_cover)).about(Seen::Cover),
        form("/settings/people/reassign", Assign, || post(people::reassign)),
        Door::page("/settings/bank", may(BankAccounts), || get(settings::bank)),
        form("/settings/bank", BankAccounts, || post(firm::propose)),
        form("/settings/bank/{currency}/confirm", BankAccounts, || post(firm::confirm)),
        form("/settings/bank/{currency}/withdraw", BankAccounts, || post(firm::withdraw_account_change)),
        Door::page("/settings/channels", may(Settings), || get(settings::channels)),
        form("/settings/channels", Settings, || post(firm::channels)),
        form("/settings/channels/test", Settings, || post(firm::test_channel)),
        Door::page("/settings/marketplace", may(Settings), || get(settings::marketplace)),
        Door::page("/settings/marketplace/return", may(Settings), || get(posts::marketplace::agreed)),
        form("/settings/marketplace/app", Settings, || post(posts::marketplace::app)),
        form("/settings/marketplace/agree", Settings, || post(posts::marketplace::agree)),
        form("/settings/marketplace/tracking", Settings, || post(posts::marketplace::tracking)),
        form("/settings/marketplace/test", Settings, || post(posts::marketplace::test)),
        form("/settings/marketplace/end", Settings, || post(posts::marketplace::end)),
        form("/settings/marketplace/sync", Settings, || post(posts::marketplace::sync)),
        Door::page("/settings/safe-mode", may(Settings), || get(settings::safe)),
        Door::page("/settings/rehearsals", may(Settings), || get(settings::safe)),
        form("/settings/safe-mode/on", Settings, || post(firm::safe_on)),
        form("/settings/safe-mode/now", Settings, || post(firm::rehearse_now)),
        form("/settings/safe-mode/look", Settings, || post(firm::look_at_all)),
        form("/settings/safe-mode/live", Settings, || post(firm::live)),
        Door::page("/settings/suppressions", may(Assign), || get(settings::suppressions)),
        form("/settings/suppressions", Assign, || post(posts::suppressions::add)),
        form("/settings/suppressions/end", Assign, || post(posts::suppressions::end)),
        Door::page("/settings/data", may(Data), || get(settings::data)),
        form("/settings/data/backup", Data, || post(data::backup)),
        form("/settings/data/keep", Data, || post(data::keep)),
        form("/settings/data/look", Data, || post(data::look)),
        Door::page("/settings/data/restore", may(Data), || get(settings::restore)),
        form("/settings/data/restore", Data, || post(data::restore)),
        form("/settings/data/restore/upload", Data, || {
            post(data::upload).layer(DefaultBodyLimit::max(data::MOST_BACKUP))
        }),
        form("/settings/data/export", Data, || post(data::export)),
        form("/settings/data/erase", Data, || post(data::erase)),
        Door::page("/settings/log", may(AuditLog), || get(settings::log)),
        Door::page("/settings/log/export", may(AuditLog), || get(settings::log_file)),
    ]
}

fn arrival_doors() -> Vec<Door> {
    let form = |path, right, answer| Door::form(path, may(right), answer);
    vec![
        Door::page("/import", may(Import), || get(arrivals::import_page)),
        form("/import", Import, || post(arrivals::upload).layer(DefaultBodyLimit::max(MOST_BYTES))),
        form("/import/preview", Import, || post(arrivals::again)),
        form("/import/take", Import, || post(arrivals::take)),
        Door::page("/import/unread", may(Import), || get(arrivals::unread)),
        Door::page("/jobs/{job}", Who::SignedIn, || get(arrivals::job)).about(Seen::Job),
        Door::page("/welcome", may(Settings), || get(arrivals::welcome)),
        form("/welcome/step", Settings, || post(arrivals::welcome_step)),
        form("/welcome/test", Settings, || post(posts::firm::welcome_test)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_door_is_there_once() {
        for (index, door) in DOORS.iter().enumerate() {
            let same = DOORS.iter().skip(index + 1).any(|other| other.path == door.path && other.method == door.method);
            assert!(!same, "{} {} twice", door.method, door.path);
        }
    }

    #[test]
    fn what_names_a_thing_says_what_it_names() {
        // Not things of a firm: a file of ours, a door of a service (opened by its signature), an invitation before the
        // door, a currency, a kind of problem; a playbook (looked up among those of the firm's own house) and a product
        // (which everybody of the firm sees).
        let names_nothing = [
            "/assets/{name}",
            "/hooks/17track/{tenant}/{hook}",
            "/join/{tenant}/{secret}",
            "/settings/bank/{currency}",
            "/api/v1/bank-accounts/{currency}",
            "/api/problems/{",
            "/playbooks/{id}",
            "/api/v1/playbooks/{id}",
            "/products/{sku}",
            "/api/v1/products/{sku}",
        ];
        for door in DOORS.iter().filter(|door| door.path.contains('{')) {
            let is_named = door.about.is_some() || names_nothing.iter().any(|path| door.path.starts_with(path));
            assert!(is_named, "{} names something that nobody checks", door.path);
        }
    }

    #[test]
    fn a_subject_is_read_as_the_handler_reads_it() {
        let door = door(&Method::POST, "/letters/{number}/approve").expect("a door");
        assert_eq!(door.subject("/letters/L-0012/approve"), "L-0012");
        assert_eq!(door.subject("/letters/L%2D0012/approve"), "L-0012");
        assert_eq!(door.filled("L-1"), "/letters/L-1/approve");
    }
}
