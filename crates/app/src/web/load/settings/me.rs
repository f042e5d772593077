//! `GET /settings/me`: one's own account.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dunlin_core::access::Right;
use dunlin_core::ids::SessionId;
use jiff::Timestamp;

use super::super::show::Show;
use crate::credentials::{NewFactor, qr_svg};
use crate::house::House;
use crate::use_cases::own_account::me;
use crate::web::view::settings::{KeyRow, MePage, SessionRow, Trial};

/// The page; `here` is the session that looks.
pub async fn load(house: &House, show: &Show, here: Option<SessionId>) -> anyhow::Result<MePage> {
    let user = me(house).await?;
    let sessions = house.store.sessions_of(house.tenant.id, user.id, Timestamp::now()).await?;
    let sessions = sessions.into_iter().map(|session| SessionRow {
        is_this: Some(session.id) == here,
        id: session.id.to_string(),
        browser: browser(&session.browser),
        address: session.address,
        seen: show.instant(session.seen_at),
    });
    let keys = house.store.tokens(house.tenant.id, Some(user.id)).await?;
    let keys = keys.into_iter().map(|key| KeyRow {
        id: key.id.to_string(),
        name: key.name,
        scopes: key.scopes.split_whitespace().map(str::to_string).collect(),
        until: show.instant(key.expires_at),
        used: key.used_at.map(|at| show.instant(at)),
    });
    Ok(MePage {
        name: user.name,
        email: user.email,
        role: user.role.code(),
        ui_language: user.ui_language.unwrap_or_default(),
        signature: user.signature,
        reply_to: user.reply_to,
        latin_name: user.latin_name,
        has_factor: user.totp_sealed.is_some(),
        trial: None,
        sessions: sessions.collect(),
        keys: keys.collect(),
        rights: Right::ALL.iter().filter(|right| house.actor.may(**right)).map(|right| right.code()).collect(),
        new_key: None,
    })
}

/// A picture of the second factor, asked of nobody else.
pub fn trial(made: &NewFactor, ticket: String, problem: String) -> anyhow::Result<Trial> {
    let svg = qr_svg(&made.address)?;
    Ok(Trial {
        picture: format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg)),
        base32: made.base32.clone(),
        ticket,
        problem,
    })
}

/// "Firefox, Linux" of what a browser says of itself.
fn browser(agent: &str) -> String {
    let find = |names: &[(&str, &str)]| {
        let found = names.iter().find(|(mark, _)| agent.contains(mark));
        found.map_or_else(String::new, |(_, name)| (*name).to_string())
    };
    let program = find(&[
        ("MicroMessenger", "WeChat"),
        ("Edg/", "Edge"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
    ]);
    let system = find(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program.is_empty(), system.is_empty()) {
        (true, true) => agent.chars().take(60).collect(),
        (false, false) => format!("{program}, {system}"),
        _ => format!("{program}{system}"),
    }
}

#[cfg(test)]
mod tests {
    use super::browser;

    #[test]
    fn browsers_have_short_names() {
        let agent = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";
        assert_eq!(browser(agent), "Chrome, Windows");
        assert_eq!(browser("curl/8"), "curl/8");
    }
}
