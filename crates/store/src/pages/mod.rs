//! Read models of the pages: what a page shows, in one or a few reads. Nothing here changes anything.

pub mod account;
pub mod case_told;
pub mod debtor_list;
pub mod desk;
pub mod find;
pub mod history;
pub mod keyset;
pub mod letter_list;
pub mod looking;
mod order_arrivals;
pub mod order_board;
pub mod order_list;
pub mod order_told;
pub mod parcel_list;
pub mod payment_list;
pub mod product_list;
pub mod search;
pub mod statement_list;
pub mod told;
