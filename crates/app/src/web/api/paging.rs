//! Lists page by page: `?limit=…&cursor=…`, and with each page the cursor of the next. A cursor is the key of the last
//! row, so what is added or taken out meanwhile moves nothing; it opens nothing that the token does not see anyway.

use axum::Json;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dunlin_store::pages::keyset::After;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::problem::{NOT_POSSIBLE, Problem};

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// To be sent as `cursor` for what follows; `null` at the end.
    pub next: Option<String>,
}

/// How many rows a page has.
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub i64);

impl Default for Limit {
    fn default() -> Self {
        Self(50)
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match i64::deserialize(deserializer)? {
            limit @ 1..=200 => Ok(Self(limit)),
            _ => Err(serde::de::Error::custom("limit lies between 1 and 200")),
        }
    }
}

/// One more row than the page has tells whether another page follows.
pub fn after<K: DeserializeOwned + Default>(
    list: &str,
    cursor: Option<&str>,
    limit: Limit,
) -> Result<After<K>, Problem> {
    let key = match cursor {
        None => K::default(),
        Some(cursor) => read(list, cursor)
            .ok_or_else(|| Problem::new(NOT_POSSIBLE, "cursor: take it from `next` of a page of the same list"))?,
    };
    Ok(After { key, limit: limit.0 + 1 })
}

fn read<K: DeserializeOwned>(list: &str, cursor: &str) -> Option<K> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (of, key): (String, K) = serde_json::from_slice(&bytes).ok()?;
    (of == list).then_some(key)
}

/// Cuts the page and makes the cursor of the next.
pub fn page<R, T, K: Serialize>(
    list: &str,
    limit: Limit,
    mut rows: Vec<R>,
    key: impl Fn(&R) -> K,
    item: impl Fn(R) -> Result<T, Problem>,
) -> Result<Json<Page<T>>, Problem> {
    let size = usize::try_from(limit.0).unwrap_or(1);
    let more = rows.len() > size;
    rows.truncate(size);
    let last = rows.last().filter(|_| more).map(|row| serde_json::to_vec(&(list, key(row)))).transpose()?;
    let next = last.map(|bytes| URL_SAFE_NO_PAD.encode(bytes));
    Ok(Json(Page { items: rows.into_iter().map(item).collect::<Result<_, _>>()?, next }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(cursor: Option<&str>, all: &[i64]) -> (Vec<i64>, Option<String>) {
        let limit = Limit(2);
        let after: After<i64> = after("numbers", cursor, limit).expect("a cursor of ours");
        let rows: Vec<i64> = all.iter().copied().filter(|n| *n > after.key).take(after.limit as usize).collect();
        let Json(page) = page("numbers", limit, rows, |n| *n, Ok).expect("a page");
        (page.items, page.next)
    }

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let all = [3, 5, 8, 9];
        let (first, next) = listed(None, &all);
        assert_eq!(first, [3, 5]);
        let (second, end) = listed(next.as_deref(), &all);
        assert_eq!((second.as_slice(), end), ([8, 9].as_slice(), None));
    }

    #[test]
    fn a_cursor_of_another_list_is_refused() {
        let (_, next) = listed(None, &[1, 2, 3]);
        assert!(after::<i64>("letters", next.as_deref(), Limit(2)).is_err());
        assert!(after::<i64>("numbers", Some("garbage"), Limit(2)).is_err());
    }
}
