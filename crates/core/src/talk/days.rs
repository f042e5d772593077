//! Days as people write them: `15 May`, `15/05`, `5月3日`, `下周五`, `el viernes`, `in 3 days`. Counted from the day of the
//! talk; what could as well be a number of something is left alone.

use std::ops::Range;

use jiff::civil::Date;

use super::script::{Script, is_latin};
use super::{friday, weekday};
use crate::calendar::{days_between, shift};

const MONTHS: &[(&[&str], i8)] = &[
    (&["january", "jan", "enero", "ene"], 1),
    (&["february", "feb", "febrero"], 2),
    (&["march", "mar", "marzo"], 3),
    (&["april", "apr", "abril", "abr"], 4),
    (&["may", "mayo"], 5),
    (&["june", "jun", "junio"], 6),
    (&["july", "jul", "julio"], 7),
    (&["august", "aug", "agosto", "ago"], 8),
    (&["september", "sept", "sep", "septiembre", "setiembre"], 9),
    (&["october", "oct", "octubre"], 10),
    (&["november", "nov", "noviembre"], 11),
    (&["december", "dec", "diciembre", "dic"], 12),
];

const WEEKDAYS: &[(&[&str], i32)] = &[
    (&["monday", "lunes"], 0),
    (&["tuesday", "martes"], 1),
    (&["wednesday", "miercoles"], 2),
    (&["thursday", "jueves"], 3),
    (&["friday", "viernes"], 4),
    (&["saturday", "sabado"], 5),
    (&["sunday", "domingo"], 6),
];

const SMALL: &[(&[&str], i32)] = &[
    (&["a", "one", "un", "una", "一"], 1),
    (&["two", "dos", "两", "二"], 2),
    (&["three", "tres", "三"], 3),
    (&["four", "cuatro", "四"], 4),
    (&["five", "cinco", "五"], 5),
    (&["six", "seis", "六"], 6),
    (&["seven", "siete", "七"], 7),
    (&["eight", "ocho", "八"], 8),
    (&["ten", "diez", "十"], 10),
    (&["fifteen", "quince"], 15),
];

/// Days that are so many after that of the talk; longer ones first where one begins with another.
const NEAR: &[(&[&str], i32)] = &[
    (&["大后天"], 3),
    (&["day after tomorrow", "pasado manana"], 2),
    (&["tomorrow", "manana", "明天", "明日"], 1),
    (&["后天"], 2),
    (&["today", "tonight", "hoy", "今天", "今日", "今晚"], 0),
];

/// The days of a stretch, each with its place in characters.
pub fn days(script: &Script, range: &Range<usize>, talked_on: Date) -> Vec<(Range<usize>, Date)> {
    let reader = Reader { script, range, talked_on, has_han: range.clone().any(|at| is_han(script.at(at))) };
    let mut all = Vec::new();
    let mut at = range.start;
    while at < range.end {
        match reader.day(at).filter(|(end, _)| *end <= range.end) {
            Some((end, day)) => {
                all.push((at..end, day));
                at = end;
            }
            None => at = reader.past(at),
        }
    }
    all
}

type Found = Option<(usize, Date)>;

fn is_han(char: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&char)
}

fn date(year: i32, month: i8, day: u32) -> Option<Date> {
    let (year, day) = (i16::try_from(year).ok()?, i8::try_from(day).ok()?);
    Date::new(year, month, day).ok().filter(|_| (2000..2200).contains(&year))
}

/// The value of the longest word of a table that stands there.
fn looked_up<T: Copy>(script: &Script, at: usize, table: &[(&[&str], T)]) -> Option<(usize, T)> {
    let found = table.iter().filter_map(|(words, value)| Some((script.any_word(at, words)?, *value)));
    found.max_by_key(|(end, _)| *end)
}

struct Reader<'a> {
    script: &'a Script,
    range: &'a Range<usize>,
    talked_on: Date,
    has_han: bool,
}

impl Reader<'_> {
    /// The next place to look at: never inside a number or a Latin word.
    fn past(&self, at: usize) -> usize {
        let mut end = at + 1;
        if is_latin(self.script.at(at)) {
            while end < self.range.end && is_latin(self.script.at(end)) {
                end += 1;
            }
        }
        end
    }

    fn day(&self, at: usize) -> Found {
        let first = self.script.at(at);
        if first.is_ascii_digit() {
            let before = self.script.before(at);
            if is_latin(before)
                || matches!(before, '-' | '/' | '#' | '.' | ',' | '$' | '\u{20ac}' | '\u{a3}' | '\u{a5}' | '_')
            {
                return None;
            }
            return self.iso(at).or_else(|| self.chinese(at)).or_else(|| self.day_and_month(at)).or_else(|| {
                let numeric = self.numeric(at);
                numeric.or_else(|| self.some_days(at))
            });
        }
        if is_han(first) {
            return self.chinese_words(at).or_else(|| self.chinese(at)).or_else(|| self.some_days(at));
        }
        self.month_and_day(at)
            .or_else(|| self.weekday_named(at))
            .or_else(|| self.near(at))
            .or_else(|| self.weeks_and_months(at))
            .or_else(|| self.some_days(at))
            .or_else(|| self.day_of_month(at))
    }

    /// The day of this year, or of the next one when that is near: a day that has passed is the past.
    fn upcoming(&self, month: i8, day: u32) -> Option<Date> {
        let year = i32::from(self.talked_on.year());
        let this = date(year, month, day)?;
        if this >= self.talked_on {
            return Some(this);
        }
        date(year + 1, month, day).filter(|next| days_between(self.talked_on, *next) <= 120)
    }

    /// The day of this month, or of the next one.
    fn of_month(&self, day: u32, months: i8) -> Option<Date> {
        let (year, month) = (i32::from(self.talked_on.year()), self.talked_on.month());
        let moved = |more: i8| {
            let month = month + more;
            if month > 12 { date(year + 1, month - 12, day) } else { date(year, month, day) }
        };
        let this = moved(months)?;
        if this >= self.talked_on { Some(this) } else { moved(months + 1) }
    }

    fn end_of_month(&self, months: i8) -> Option<Date> {
        self.first_of(months).map(Date::last_of_month)
    }

    fn first_of(&self, months: i8) -> Option<Date> {
        let first = self.talked_on.first_of_month();
        (0..months).try_fold(first, |first, _| first.last_of_month().tomorrow().ok())
    }

    /// `2026-05-15`.
    fn iso(&self, at: usize) -> Found {
        let (year, end) = self.script.number(at, 4).filter(|(_, end)| end - at == 4)?;
        let mark = self.script.at(end);
        if !matches!(mark, '-' | '/' | '.') {
            return None;
        }
        let (month, end) = self.script.number(end + 1, 2)?;
        if self.script.at(end) != mark {
            return None;
        }
        let (day, end) = self.script.number(end + 1, 2)?;
        self.stands_alone(end).then_some(())?;
        Some((end, date(i32::try_from(year).ok()?, i8::try_from(month).ok()?, day)?))
    }

    /// Nothing follows that would make it part of something longer.
    fn stands_alone(&self, end: usize) -> bool {
        let next = self.script.at(end);
        let goes_on = matches!(next, '-' | '/' | '.' | ',' | '%' | '_') && is_latin(self.script.at(end + 1));
        !is_latin(next) && !goes_on && next != '%'
    }

    /// A number in digits or Chinese words, up to 31.
    fn small(&self, at: usize) -> Option<(u32, usize)> {
        self.script.number(at, 2).or_else(|| self.han_number(at))
    }

    fn han_number(&self, at: usize) -> Option<(u32, usize)> {
        let digit = |at: usize| "一二三四五六七八九".chars().zip(1_u32..).find(|(char, _)| *char == self.script.at(at));
        let digit = |at: usize| digit(at).map(|(_, value)| value);
        let ten = |at: usize| self.script.at(at) == '十';
        let (tens, end) = match digit(at) {
            Some(value) if ten(at + 1) => (value * 10, at + 2),
            Some(value) => return Some((value, at + 1)),
            None if ten(at) => (10, at + 1),
            None => return None,
        };
        Some(digit(end).map_or((tens, end), |value| (tens + value, end + 1)))
    }

    /// `2026年5月3日`, `5月3号`, `5月底`, `15号`.
    fn chinese(&self, at: usize) -> Found {
        let script = self.script;
        let is_day_word = |at: usize| matches!(script.at(at), '日' | '号');
        let with_year = script.number(at, 4).filter(|(_, end)| end - at == 4 && script.at(*end) == '年');
        let year = with_year.map(|(year, _)| year);
        let at = with_year.map_or(at, |(_, end)| end + 1);
        let (first, end) = self.small(at)?;
        if script.at(end) != '月' {
            // A day of the month by itself may be the number of anything: it needs a word that goes with days.
            let goes_with = ["前", "之前", "付", "打", "汇", "转", "左右", "安排", "可以", "会", "给", "再"];
            let follows = script.any_word(end + 1, &goes_with).is_some();
            let is_last = !is_han(script.at(end + 1)) && !is_latin(script.at(end + 1));
            let alone = year.is_none() && is_day_word(end) && (follows || is_last);
            return alone.then_some(()).and_then(|()| Some((end + 1, self.of_month(first, 0)?)));
        }
        let month = i8::try_from(first).ok()?;
        if script.at(end + 1) == '底' {
            let day = match year {
                Some(year) => date(i32::try_from(year).ok()?, month, 1)?,
                None => self.upcoming(month, 28)?.first_of_month(),
            };
            return Some((end + 2, day.last_of_month()));
        }
        let (day, end) = self.small(end + 1)?;
        if !is_day_word(end) {
            return None;
        }
        let day = match year {
            Some(year) => date(i32::try_from(year).ok()?, month, day),
            None => self.upcoming(month, day),
        };
        Some((end + 1, day?))
    }

    /// `明天`, `下周五`, `下个月5号`, `月底`.
    fn chinese_words(&self, at: usize) -> Found {
        let script = self.script;
        if let Some(found) = self.near(at) {
            return Some(found);
        }
        let month: &[(&[&str], i8)] = &[(&["下个月", "下月"], 1), (&["这个月", "本月"], 0)];
        if let Some((end, months)) = looked_up(script, at, month) {
            if script.at(end) == '底' {
                return Some((end + 1, self.end_of_month(months)?));
            }
            let (day, end) = self.small(end)?;
            let first = self.first_of(months)?;
            let day = date(i32::from(first.year()), first.month(), day)?;
            return matches!(script.at(end), '日' | '号').then_some((end + 1, day));
        }
        if let Some(end) = script.word(at, "月底") {
            // `5月底` begins with its number.
            return Some((end, self.end_of_month(0)?));
        }
        let ahead: &[(&[&str], Option<i32>)] =
            &[(&["下下个", "下下"], Some(2)), (&["下个", "下"], Some(1)), (&["这个", "这", "本"], Some(0))];
        let (end, weeks) = looked_up(script, at, ahead).unwrap_or((at, None));
        let end = script.any_word(end, &["周", "星期", "礼拜"])?;
        let named = "一二三四五六日".chars().zip(0_i32..).find(|(char, _)| *char == script.at(end));
        let named = named.map(|(_, day)| day).or((script.at(end) == '天').then_some(6));
        // `五一周年`, `上周五`.
        if script.before(at) == '上' {
            return None;
        }
        match (named, weeks) {
            (Some(day), Some(weeks)) => Some((end + 1, weekday(self.talked_on, weeks, day))),
            (Some(day), None) => Some((end + 1, self.next(day))),
            (None, Some(weeks)) => Some((end, friday(self.talked_on, weeks))),
            (None, None) => None,
        }
    }

    /// The next such weekday, never the day of the talk itself.
    fn next(&self, day: i32) -> Date {
        let ahead = (day - i32::from(self.talked_on.weekday().to_monday_zero_offset())).rem_euclid(7);
        shift(self.talked_on, if ahead == 0 { 7 } else { ahead })
    }

    /// `15 May`, `15th of May 2026`, `15 de mayo`.
    fn day_and_month(&self, at: usize) -> Found {
        let script = self.script;
        let (day, end) = script.number(at, 2)?;
        let end = self.past_ordinal(end);
        let end = script.past_space(end);
        let end = script.any_word(end, &["of", "de"]).map_or(end, |end| script.past_space(end));
        let (end, month) = looked_up(script, end, MONTHS)?;
        self.with_year(end, month, day)
    }

    /// `May 15`, `May 15th, 2026`.
    fn month_and_day(&self, at: usize) -> Found {
        let (end, month) = looked_up(self.script, at, MONTHS)?;
        let end = if self.script.at(end) == '.' { end + 1 } else { end };
        let (day, end) = self.script.number(self.script.past_space(end), 2)?;
        let end = self.past_ordinal(end);
        // `may 5,000`, `mar 12.50`.
        if !self.stands_alone(end) {
            return None;
        }
        self.with_year(end, month, day)
    }

    fn past_ordinal(&self, at: usize) -> usize {
        let has = |ending: &str| ending.chars().enumerate().all(|(more, char)| self.script.at(at + more) == char);
        let is_ordinal = ["st", "nd", "rd", "th"].into_iter().any(has);
        if is_ordinal && !is_latin(self.script.at(at + 2)) { at + 2 } else { at }
    }

    fn with_year(&self, end: usize, month: i8, day: u32) -> Found {
        let script = self.script;
        let after = if script.at(end) == ',' { end + 1 } else { end };
        let after = script.past_space(after);
        let after = script.any_word(after, &["de", "del"]).map_or(after, |end| script.past_space(end));
        match script.number(after, 4).filter(|(year, _)| (2000..2200).contains(year)) {
            Some((year, end)) => Some((end, date(i32::try_from(year).ok()?, month, day)?)),
            None => Some((end, self.upcoming(month, day)?)),
        }
    }

    /// `15/05`, `15/05/2026`, `15.05.2026`. Where it could be either, Chinese texts name the month first.
    fn numeric(&self, at: usize) -> Found {
        let script = self.script;
        let (first, middle) = script.number(at, 2)?;
        let mark = script.at(middle);
        if !matches!(mark, '/' | '.' | '-') {
            return None;
        }
        let (second, end) = script.number(middle + 1, 2)?;
        let year = (script.at(end) == mark).then(|| script.number(end + 1, 4)).flatten();
        let year = year.filter(|(_, after)| matches!(after - end, 3 | 5));
        let last = year.map_or(end, |(_, end)| end);
        if !self.stands_alone(last) || (year.is_none() && (mark != '/' || !self.is_cued(at, middle, end))) {
            return None;
        }
        let (day, month) = match (first, second) {
            (1..=12, 13..=31) => (second, first),
            (13..=31, 1..=12) => (first, second),
            (1..=12, 1..=12) if self.has_han => (second, first),
            (1..=12, 1..=12) => (first, second),
            _ => return None,
        };
        let month = i8::try_from(month).ok()?;
        match year {
            Some((year, end)) => {
                let year = i32::try_from(year).ok()?;
                Some((end, date(if year < 100 { 2000 + year } else { year }, month, day)?))
            }
            None => Some((end, self.upcoming(month, day)?)),
        }
    }

    /// Two digits each, or a word before it that goes with days: `1/2` and `24/7` are something else.
    fn is_cued(&self, at: usize, middle: usize, end: usize) -> bool {
        let cues = [
            "on",
            "by",
            "before",
            "until",
            "till",
            "el",
            "al",
            "dia",
            "para el",
            "antes del",
            "hasta el",
            "在",
            "于",
            "到",
        ];
        let two_each = middle - at == 2 && end - middle == 3;
        two_each || self.has_han || self.script.follows(at, &cues)
    }

    fn weekday_named(&self, at: usize) -> Found {
        let script = self.script;
        let next = script.word(at, "next").map(|end| script.past_space(end));
        let (end, day) = looked_up(script, next.unwrap_or(at), WEEKDAYS)?;
        let is_past = script.follows(at, &["last", "pasado", "since"]) || script.any_word(end, &[" pasado"]).is_some();
        if is_past {
            return None;
        }
        let day = if next.is_some() { weekday(self.talked_on, 1, day) } else { self.next(day) };
        Some((end, day))
    }

    fn near(&self, at: usize) -> Found {
        let (end, days) = looked_up(self.script, at, NEAR)?;
        // `la mañana`, `esta mañana`, `mañana por la mañana`: the morning, not the day.
        if self.script.word(at, "manana").is_some() && self.script.follows(at, &["la", "esta", "buena"]) {
            return None;
        }
        Some((end, shift(self.talked_on, days)))
    }

    /// `next week`, `end of the month`, `fin de mes`.
    fn weeks_and_months(&self, at: usize) -> Found {
        let script = self.script;
        let weeks: &[(&[&str], i32)] = &[
            (&["next week", "la semana que viene", "semana que viene", "la proxima semana", "proxima semana"], 1),
            (&["this week", "esta semana"], 0),
        ];
        if let Some((end, weeks)) = looked_up(script, at, weeks) {
            return Some((end, friday(self.talked_on, weeks)));
        }
        let months: &[(&[&str], i8)] = &[
            (&["end of next month", "fin del proximo mes", "finales del proximo mes"], 1),
            (&["end of the month", "end of this month", "end of month", "month end", "fin de mes", "final de mes"], 0),
            (&["finales de mes", "fin de este mes", "finales de este mes"], 0),
        ];
        let (end, months) = looked_up(script, at, months)?;
        Some((end, self.end_of_month(months)?))
    }

    /// `in 3 days`, `within a week`, `3天内`, `两周内`, `dentro de 10 días`.
    fn some_days(&self, at: usize) -> Found {
        let script = self.script;
        let latin = script.any_word(at, &["in", "within", "en", "dentro de"]).map(|end| script.past_space(end));
        let from = latin.unwrap_or(at);
        let number = script.number(from, 2).map(|(value, end)| (end, i32::try_from(value).unwrap_or(0)));
        let (end, count) = number.or_else(|| looked_up(script, from, SMALL))?;
        let end = script.past_space(end);
        let units: &[(&[&str], i32)] = match latin {
            Some(_) => &[(&["day", "days", "dia", "dias"], 1), (&["week", "weeks", "semana", "semanas"], 7)],
            None => &[
                (&["天内", "天之内", "天以内", "天后", "日内"], 1),
                (&["周内", "周之内", "个星期内", "个礼拜内", "周后", "个星期后"], 7),
            ],
        };
        let (end, unit) = looked_up(script, end, units)?;
        Some((end, shift(self.talked_on, count * unit)))
    }

    /// `the 15th`, `el 15`, `el día 15`.
    fn day_of_month(&self, at: usize) -> Found {
        let script = self.script;
        let english = script.word(at, "the");
        let from = english.or_else(|| script.any_word(at, &["el dia", "el"]))?;
        let from = script.past_space(from);
        let (day, end) = script.number(from, 2)?;
        if let Some(found) = self.day_and_month(from).or_else(|| self.numeric(from)) {
            return Some(found);
        }
        let after = self.past_ordinal(end);
        if english.is_some() && after == end {
            return None;
        }
        // `the 2nd order`, `el 15 por ciento`.
        let next = script.past_space(after);
        let goes_on =
            is_latin(script.at(next)) && script.any_word(next, &["and", "at", "because", "y", "sin"]).is_none();
        if goes_on || !self.stands_alone(after) {
            return None;
        }
        Some((after, self.of_month(day, 0)?))
    }
}
