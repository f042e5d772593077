//! What the product does, one use case per file, named verb_noun. Command line, pages and API call these and
//! nothing below them.

pub mod add_up_actions;
pub mod approve_letter;
pub mod bank_accounts;
mod cancel_letter;
pub mod change_settings;
pub mod enter_by_hand;
pub mod erase_person;
pub mod explain_receivable;
pub mod first_run;
pub mod import_statement;
pub mod keep_backup;
pub mod live_demo;
pub mod look_ahead;
pub mod look_back;
pub mod lower_outstanding;
pub mod manage_tokens;
pub mod manage_users;
pub mod mark_party;
pub mod match_payments;
pub mod merge_parties;
mod named_in_file;
pub mod own_account;
pub mod publish_playbook;
pub mod rehearse;
pub mod repair_letter;
pub mod run_decisions;
pub mod send_letters;
pub mod sign_in;
pub mod standing_facts;
pub mod take_in;
pub mod tell_looks;
pub mod tell_run;
pub mod try_letter;
pub mod undo;
pub mod write_letter;
pub mod write_looks;
