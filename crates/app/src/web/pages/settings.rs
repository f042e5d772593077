//! The pages of the settings, one template each.

use crate::web::view::marketplace::MarketplacePage;
use crate::web::view::settings::{
    BankPage, ChannelsPage, CompanyPage, DataPage, LogPage, MePage, PeoplePage, RestorePage, SafePage, SuppressionsPage,
};

pages! {
    /// `GET /settings/company`
    company: CompanyPage = "settings_company.html";
    /// `GET /settings/me`
    me: MePage = "settings_me.html";
    /// `GET /settings/people`
    people: PeoplePage = "settings_people.html";
    /// `GET /settings/bank`
    bank: BankPage = "settings_bank.html";
    /// `GET /settings/channels`
    channels: ChannelsPage = "settings_channels.html";
    /// `GET /settings/marketplace`
    marketplace: MarketplacePage = "settings_marketplace.html";
    /// `GET /settings/safe-mode`
    safe: SafePage = "settings_safe.html";
    /// `GET /settings/suppressions`
    suppressions: SuppressionsPage = "settings_suppressions.html";
    /// `GET /settings/data`
    data: DataPage = "settings_data.html";
    /// `GET /settings/data/restore`
    restore: RestorePage = "settings_restore.html";
    /// `GET /settings/log`
    log: LogPage = "settings_log.html";
}
