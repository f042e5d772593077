//! A form that was refused, drawn again with what was typed into it: one place for every form of every page.
//!
//! Works on the finished page, whose tags are our own templates': attributes stand in double quotes, `selected` and
//! `checked` stand last. Fields that a reader does not see, passwords and files stay as the page has them.

use super::again::Refused;
use super::assets;

/// The page with the form filled in and the reason in it; `None`: no form on it is sent to that path with a field that
/// a reader sees.
pub fn refill(html: &str, refused: &Refused) -> Option<String> {
    let (start, end) = form_of(html, refused)?;
    let mut whole = unfolded(&html[..start]);
    whole.push_str(&filled(&html[start..end], refused));
    whole.push_str(&without_toast(&html[end..]));
    Some(whole)
}

/// The tag that begins at or after a place.
fn tag_from(html: &str, from: usize) -> Option<(usize, usize)> {
    let start = from + html.get(from..)?.find('<')?;
    let mut is_quoted = false;
    for (at, byte) in html.bytes().enumerate().skip(start) {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'>' if !is_quoted => return Some((start, at + 1)),
            _ => {}
        }
    }
    None
}

fn tags(html: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let (start, end) = tag_from(html, at)?;
        at = end;
        Some((start, &html[start..end]))
    })
}

fn is(tag: &str, name: &str) -> bool {
    tag.strip_prefix('<').and_then(|tag| tag.strip_prefix(name)).is_some_and(|rest| rest.starts_with([' ', '>', '\n']))
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let rest = &tag[start..];
    Some(&rest[..rest.find('"')?])
}

fn without(tag: &str, name: &str) -> String {
    match (tag.find(&format!(" {name}=\"")), attribute(tag, name)) {
        (Some(start), Some(value)) => {
            let end = start + name.len() + 4 + value.len();
            format!("{}{}", &tag[..start], &tag[end..])
        }
        _ => tag.to_string(),
    }
}

fn with(tag: &str, more: &str) -> String {
    let (head, tail) = tag.split_at(tag.len() - 1);
    format!("{head}{more}{tail}")
}

/// As the templates escape it.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&#38;"),
            '<' => safe.push_str("&#60;"),
            '>' => safe.push_str("&#62;"),
            '"' => safe.push_str("&#34;"),
            '\'' => safe.push_str("&#39;"),
            other => safe.push(other),
        }
    }
    safe
}

/// The name of a field that a reader fills in.
fn field(tag: &str) -> Option<&str> {
    let is_field = is(tag, "select")
        || is(tag, "textarea")
        || (is(tag, "input") && !matches!(attribute(tag, "type"), Some("hidden" | "submit")));
    if is_field { attribute(tag, "name") } else { None }
}

/// Of several forms that are sent to the same path, the one that has most of what was sent.
fn form_of(html: &str, refused: &Refused) -> Option<(usize, usize)> {
    let mut best: Option<(usize, (usize, usize))> = None;
    for (start, tag) in tags(html) {
        if !is(tag, "form") || attribute(tag, "method") != Some("post") {
            continue;
        }
        let Some(length) = html[start..].find("</form>") else {
            continue;
        };
        let end = start + length + "</form>".len();
        let inside = &html[start..end];
        let leads_there = |tag: &str| attribute(tag, "formaction") == Some(refused.action.as_str());
        if attribute(tag, "action") != Some(refused.action.as_str()) && !tags(inside).any(|(_, tag)| leads_there(tag)) {
            continue;
        }
        if !tags(inside).any(|(_, tag)| field(tag).is_some()) {
            continue;
        }
        let fits = tags(inside).filter(|(_, tag)| has(tag, refused)).count();
        if best.is_none_or(|(most, _)| fits > most) {
            best = Some((fits, (start, end)));
        }
    }
    best.map(|(_, place)| place)
}

fn has(tag: &str, refused: &Refused) -> bool {
    if let Some(name) = field(tag) {
        return refused.of(name).is_some();
    }
    let hidden = is(tag, "input").then(|| attribute(tag, "name")).flatten();
    let typed = hidden.and_then(|name| refused.of(name));
    typed.is_some() && typed.map(escaped).as_deref() == attribute(tag, "value")
}

/// With everything unfolded that is still open at the end.
fn unfolded(html: &str) -> String {
    let mut open: Vec<usize> = Vec::new();
    for (start, tag) in tags(html) {
        if is(tag, "details") {
            open.push(start + tag.len() - 1);
        } else if tag == "</details>" {
            open.pop();
        }
    }
    let mut whole = html.to_string();
    for end in open.into_iter().rev() {
        if !whole[..end].ends_with(" open") {
            whole.insert_str(end, " open");
        }
    }
    whole
}

/// The reason stands in the form: the toast would only say it again, over something else.
fn without_toast(html: &str) -> String {
    const TOAST: &str = "<div class=\"toast\" role=\"status\" data-toast data-tone=\"red\">";
    let place = html.find(TOAST).and_then(|start| Some((start, start + html[start..].find("</div>")? + 6)));
    place.map_or_else(|| html.to_string(), |(start, end)| format!("{}{}", &html[..start], &html[end..]))
}

fn filled(form: &str, refused: &Refused) -> String {
    let mut focus = Focus::on(form, refused);
    let mut whole = String::with_capacity(form.len() + 512);
    let mut at = 0;
    let mut chosen: Option<&str> = None;
    while let Some((start, end)) = tag_from(form, at) {
        whole.push_str(&form[at..start]);
        let tag = &form[start..end];
        at = end;
        if is(tag, "form") {
            whole.push_str(tag);
            whole.push_str(&reason(&refused.why));
        } else if is(tag, "input") {
            whole.push_str(&focus.put(&input(tag, refused)));
        } else if is(tag, "textarea") {
            whole.push_str(&focus.put(tag));
            let typed = attribute(tag, "name").and_then(|name| refused.of(name));
            if let (Some(typed), Some(length)) = (typed, form[end..].find("</textarea>")) {
                whole.push_str(&escaped(typed));
                at = end + length;
            }
        } else if is(tag, "select") {
            chosen = attribute(tag, "name").and_then(|name| refused.of(name));
            whole.push_str(&focus.put(tag));
        } else if is(tag, "option") {
            let text = &form[end..end + form[end..].find('<').unwrap_or(0)];
            whole.push_str(&option(tag, text, chosen));
        } else {
            if tag == "</select>" {
                chosen = None;
            }
            whole.push_str(tag);
        }
    }
    whole.push_str(&form[at..]);
    whole
}

fn reason(why: &str) -> String {
    let icon = assets::icon("stop");
    format!(
        "<p class=\"notice form-refused\" id=\"form-refused\" data-tone=\"red\" role=\"alert\"><svg class=\"icon\" \
         viewBox=\"0 0 20 20\" aria-hidden=\"true\"><use href=\"{icon}\"/></svg><span>{}</span></p>",
        escaped(why)
    )
}

fn input(tag: &str, refused: &Refused) -> String {
    let name = attribute(tag, "name").unwrap_or("");
    match attribute(tag, "type").unwrap_or("text") {
        "hidden" | "submit" | "password" | "file" => tag.to_string(),
        "checkbox" | "radio" => {
            let value = attribute(tag, "value").unwrap_or("on");
            let plain = tag.replacen(" checked>", ">", 1);
            let is_on = refused.typed.iter().any(|(known, typed)| known == name && escaped(typed) == value);
            if is_on { with(&plain, " checked") } else { plain }
        }
        _ => match refused.of(name) {
            Some(typed) => with(&without(tag, "value"), &format!(" value=\"{}\"", escaped(typed))),
            None => tag.to_string(),
        },
    }
}

fn option(tag: &str, text: &str, chosen: Option<&str>) -> String {
    let Some(chosen) = chosen else {
        return tag.to_string();
    };
    let plain = tag.replacen(" selected>", ">", 1);
    let value = attribute(tag, "value").unwrap_or(text);
    if value == escaped(chosen) { with(&plain, " selected") } else { plain }
}

/// The field that the reader goes on with: the one it is about, else the first.
struct Focus {
    name: Option<String>,
    is_known: bool,
}

impl Focus {
    fn on(form: &str, refused: &Refused) -> Self {
        let names: Vec<&str> = tags(form).filter_map(|(_, tag)| field(tag)).collect();
        let about = refused.about.iter().find(|name| names.contains(*name));
        let name = about.copied().or_else(|| names.first().copied()).map(str::to_string);
        Self { name, is_known: about.is_some() }
    }

    fn put(&mut self, tag: &str) -> String {
        if self.name.is_none() || field(tag) != self.name.as_deref() {
            return tag.to_string();
        }
        self.name = None;
        let mut more = String::from(" autofocus");
        if attribute(tag, "aria-describedby").is_none() {
            more.push_str(" aria-describedby=\"form-refused\"");
        }
        if self.is_known {
            more.push_str(" aria-invalid=\"true\"");
        }
        with(tag, &more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "<main><details class=\"fold\"><summary class=\"button\">x</summary><div>\
        <form class=\"form\" method=\"post\" action=\"/debtors/D-0001/promise\"><select name=\"currency\"><option>USD</option>\
        <option>EUR</option></select><input class=\"num\" name=\"amount\" required value=\"12.00\" autocomplete=\"off\">\
        <input name=\"date\" type=\"date\" required><textarea name=\"note\">old</textarea>\
        <label><input type=\"checkbox\" name=\"all\" value=\"yes\" checked><span>x</span></label>\
        <input type=\"hidden\" name=\"next\" value=\"/a\"><input name=\"pin\" type=\"password\"></form></div></details>\
        <details class=\"fold\"><form method=\"post\" action=\"/other\"><input name=\"amount\"></form></details></main>\
        <div class=\"toast\" role=\"status\" data-toast data-tone=\"red\"><p>no</p></div><dialog></dialog>";

    fn refused(typed: &[(&str, &str)]) -> Refused {
        Refused {
            why: "‘x’ < no".to_string(),
            about: &["amount"],
            action: "/debtors/D-0001/promise".to_string(),
            typed: typed.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect(),
        }
    }

    #[test]
    fn what_was_typed_stands_in_its_form_again_with_the_reason() {
        let typed =
            [("currency", "EUR"), ("amount", "二万\"><b>"), ("date", "soon"), ("note", "a & b"), ("next", "/b")];
        let page = refill(PAGE, &refused(&typed)).expect("a form");
        assert!(page.contains("<details class=\"fold\" open><summary"), "{page}");
        assert!(page.contains("value=\"二万&#34;&#62;&#60;b&#62;\" autofocus"), "{page}");
        assert!(page.contains("aria-invalid=\"true\">") && !page.contains("12.00"), "{page}");
        assert!(page.contains("<option>USD</option>") && page.contains("<option selected>EUR</option>"), "{page}");
        assert!(page.contains("type=\"date\" required value=\"soon\">"), "{page}");
        assert!(page.contains(">a &#38; b</textarea>") && page.contains("name=\"next\" value=\"/a\""), "{page}");
        assert!(!page.contains("checked"), "{page}");
        assert!(page.contains("role=\"alert\"") && page.contains("‘x’ &#60; no"), "{page}");
        assert!(!page.contains("data-toast") && page.ends_with("<dialog></dialog>"), "{page}");
        assert!(page.contains("<details class=\"fold\"><form method=\"post\" action=\"/other\">"), "{page}");
    }

    #[test]
    fn a_page_without_the_form_is_left_as_it_is() {
        let elsewhere = Refused { action: "/letters/L-0001/approve".to_string(), ..refused(&[("amount", "1")]) };
        assert!(refill(PAGE, &elsewhere).is_none());
        let buttons = "<form method=\"post\" action=\"/debtors/D-0001/promise\"><input type=\"hidden\" name=\"next\" \
                       value=\"/a\"><button name=\"until\" value=\"x\">x</button></form>";
        assert!(refill(buttons, &refused(&[("until", "x")])).is_none());
    }

    #[test]
    fn of_two_forms_to_one_path_the_one_that_was_sent_is_filled() {
        let form = |hidden: &str| {
            format!(
                "<form method=\"post\" action=\"/debtors/D-0001/promise\"><input type=\"hidden\" name=\"receivable\" \
                 value=\"{hidden}\"><input name=\"settles\"></form>"
            )
        };
        let page =
            refill(&format!("{}{}", form("R-1"), form("R-2")), &refused(&[("receivable", "R-2"), ("settles", "7")]));
        let page = page.expect("a form");
        let (first, second) = page.split_once("</form>").expect("two forms");
        assert!(!first.contains("value=\"7\"") && second.contains("value=\"7\""), "{page}");
    }
}
