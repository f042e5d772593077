//! Words on pages: every text a person reads comes from `locales/<language>/pages.ftl`, `names.ftl`, `settings.ftl`,
//! `playbooks.ftl`, `import.ftl`, `facts.ftl` and `marketplace.ftl`, never from a template.
//!
//! A missing key shows as itself, in brackets, so that it is seen and mended; the tests below keep both
//! catalogues equal and every key used by a template present.

use std::borrow::Cow;
use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::types::FluentNumber;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

/// The languages that pages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UiLanguage {
    En,
    ZhCn,
}

impl UiLanguage {
    pub const ALL: [Self; 2] = [Self::En, Self::ZhCn];

    /// BCP 47, for `<html lang>`, the cookie and `?lang=`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::ZhCn => "zh-CN",
        }
    }

    /// Catalogue key of the language's own name.
    pub const fn name_key(self) -> &'static str {
        match self {
            Self::En => "ui-language-en",
            Self::ZhCn => "ui-language-zh",
        }
    }

    /// Reads `en`, `en-GB`, `zh`, `zh-CN`, `zh_Hans`; `None` for anything else.
    pub fn from_code(code: &str) -> Option<Self> {
        let primary = code.trim().split(['-', '_', ';']).next().unwrap_or("").to_ascii_lowercase();
        match primary.as_str() {
            "en" => Some(Self::En),
            "zh" => Some(Self::ZhCn),
            _ => None,
        }
    }

    /// The first language of an `Accept-Language` header that pages exist in; English when none does.
    pub fn from_accept_language(header: &str) -> Self {
        header.split(',').find_map(Self::from_code).unwrap_or(Self::En)
    }

    const fn source(self) -> &'static str {
        match self {
            Self::En => concat!(
                include_str!("../../../../locales/en/pages.ftl"),
                "\n",
                include_str!("../../../../locales/en/names.ftl"),
                "\n",
                include_str!("../../../../locales/en/settings.ftl"),
                "\n",
                include_str!("../../../../locales/en/playbooks.ftl"),
                "\n",
                include_str!("../../../../locales/en/import.ftl"),
                "\n",
                include_str!("../../../../locales/en/facts.ftl"),
                "\n",
                include_str!("../../../../locales/en/marketplace.ftl")
            ),
            Self::ZhCn => concat!(
                include_str!("../../../../locales/zh-CN/pages.ftl"),
                "\n",
                include_str!("../../../../locales/zh-CN/names.ftl"),
                "\n",
                include_str!("../../../../locales/zh-CN/settings.ftl"),
                "\n",
                include_str!("../../../../locales/zh-CN/playbooks.ftl"),
                "\n",
                include_str!("../../../../locales/zh-CN/import.ftl"),
                "\n",
                include_str!("../../../../locales/zh-CN/facts.ftl"),
                "\n",
                include_str!("../../../../locales/zh-CN/marketplace.ftl")
            ),
        }
    }
}

type Bundle = FluentBundle<FluentResource>;

static ENGLISH: LazyLock<Bundle> = LazyLock::new(|| bundle(UiLanguage::En));
static CHINESE: LazyLock<Bundle> = LazyLock::new(|| bundle(UiLanguage::ZhCn));

fn bundle(language: UiLanguage) -> Bundle {
    // A catalogue with a broken entry still gives all its other entries; the tests refuse broken ones.
    let resource = FluentResource::try_new(language.source().to_string()).unwrap_or_else(|(read, _)| read);
    let identifier: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
    bundle.set_use_isolating(false);
    bundle.set_formatter(Some(group_thousands));
    bundle.add_resource_overriding(resource);
    bundle
}

/// Counts read `1,204`, in both languages.
fn group_thousands<M>(value: &FluentValue, _: &M) -> Option<String> {
    match value {
        FluentValue::Number(FluentNumber { value, .. }) if value.fract() == 0.0 => Some(grouped(*value as i64)),
        _ => None,
    }
}

/// `1204` → `1,204`.
pub fn grouped(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("−{text}") } else { text }
}

/// The catalogue of one reader's language.
#[derive(Clone, Copy)]
pub struct Words {
    language: UiLanguage,
    bundle: &'static Bundle,
}

impl Words {
    pub fn new(language: UiLanguage) -> Self {
        let bundle = match language {
            UiLanguage::En => &*ENGLISH,
            UiLanguage::ZhCn => &*CHINESE,
        };
        Self { language, bundle }
    }

    pub const fn language(&self) -> UiLanguage {
        self.language
    }

    /// The text of a key without parameters.
    pub fn t(&self, key: &str) -> Cow<'static, str> {
        self.find(key, None).unwrap_or_else(|| Cow::Owned(format!("[{key}]")))
    }

    /// The text of a key, filled in.
    pub fn t_with<'a>(&self, key: &str, values: &[(&'a str, FluentValue<'a>)]) -> String {
        let args: FluentArgs = values.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.find(key, Some(&args)).map_or_else(|| format!("[{key}]"), Cow::into_owned)
    }

    /// As [`Words::t_with`] with one parameter: what templates mostly need.
    pub fn t1<'a>(&self, key: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        self.t_with(key, &[(name, value.into())])
    }

    /// As [`Words::t1`], with two.
    pub fn t2<'a>(
        &self,
        key: &str,
        first: &'a str,
        value: impl Into<FluentValue<'a>>,
        second: &'a str,
        other: impl Into<FluentValue<'a>>,
    ) -> String {
        self.t_with(key, &[(first, value.into()), (second, other.into())])
    }

    /// The word for a code of a family: `code("letter-state", "sent")`, `code("channel", "in_site")`.
    pub fn code(&self, family: &str, code: &str) -> Cow<'static, str> {
        self.t(&format!("{family}-{}", code.replace(['_', '.', '/'], "-")))
    }

    /// As [`Words::code`], for a word of `facts.ftl` that stands by itself: with a capital letter, where the language has
    /// them.
    pub fn label(&self, family: &str, code: &str) -> String {
        let word = self.code(family, code);
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    }

    /// As [`Words::code`]; `None` when there is no word for it.
    pub fn known_code(&self, family: &str, code: &str) -> Option<Cow<'static, str>> {
        self.find(&format!("{family}-{}", code.replace(['_', '.', '/'], "-")), None)
    }

    /// As [`Words::code`], with one parameter.
    pub fn code1<'a>(&self, family: &str, code: &str, name: &'a str, value: impl Into<FluentValue<'a>>) -> String {
        self.t1(&format!("{family}-{}", code.replace(['_', '.', '/'], "-")), name, value)
    }

    /// The name of an ISO 3166 country; the code itself when unknown.
    pub fn country(&self, code: &str) -> String {
        self.find(&format!("country-{code}"), None).map_or_else(|| code.to_string(), Cow::into_owned)
    }

    /// The name of a language; the code itself when unknown.
    pub fn language_name(&self, code: &str) -> String {
        self.find(&format!("language-{code}"), None).map_or_else(|| code.to_string(), Cow::into_owned)
    }

    /// The city that stands for an IANA zone: `Europe/Rome` → Rome, 罗马; a zone without an entry shows its city.
    pub fn zone_place(&self, zone: &str) -> String {
        let key = format!("zone-{}", zone.replace(['/', '_'], "-"));
        let city = || zone.rsplit('/').next().unwrap_or(zone).replace('_', " ");
        self.find(&key, None).map_or_else(city, Cow::into_owned)
    }

    fn find(&self, key: &str, args: Option<&FluentArgs>) -> Option<Cow<'static, str>> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let mut problems = Vec::new();
        let text = self.bundle.format_pattern(pattern, args, &mut problems);
        Some(Cow::Owned(text.into_owned()))
    }
}

#[cfg(test)]
mod tests;
