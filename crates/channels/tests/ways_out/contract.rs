//! What every way out keeps, whatever it speaks: docs/adding/channel.md in a form that can fail.

use dunlin_channels::{Answer, Handover, Lookup};

/// What the other side does with the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Takes,
    /// Nobody answers, or not now.
    IsAway,
    /// Never this message.
    Refuses,
    /// Takes it, and its answer is lost.
    TakesAndIsNotHeard,
    /// Is lost while the text is on its way.
    IsLost,
}

const ALL: [Fate; 5] = [Fate::Takes, Fate::IsAway, Fate::Refuses, Fate::TakesAndIsNotHeard, Fate::IsLost];

/// A way out with its other side, and what only the other side knows.
pub trait WayOut: Send {
    /// Words that no answer may contain.
    const SECRETS: &'static [&'static str];
    /// Prepares the other side; `false` where this way out can never meet such a fate.
    fn prepare(&mut self, fate: Fate) -> Answer<'_, bool>;
    /// A message of its own for each number, handed over once.
    fn send(&mut self, number: usize) -> Answer<'_, Handover>;
    fn lookup(&mut self, number: usize) -> Answer<'_, Lookup>;
    /// The texts that the other side holds, as a reader would see them.
    fn held(&mut self) -> Answer<'_, Vec<String>>;
}

/// The text of the message of a number: nothing of it may be changed on the way.
pub fn text_of(number: usize) -> String {
    format!("Letter {number}: 请于 8 月 3 日前付款; le total est de 1 234,50 €.\n.\nFrom us, «с уважением»")
}

/// Lives through every fate twice, so that what one leaves behind meets the next.
pub async fn keeps_the_contract<W: WayOut>(way: &mut W, fates: &[Fate]) {
    let mut met = Vec::new();
    let mut arrived = 0;
    for (number, fate) in ALL.iter().chain(ALL.iter().rev()).enumerate() {
        assert_ne!(way.lookup(number).await, Lookup::Found, "nothing was sent yet: {fate:?}");
        if !way.prepare(*fate).await {
            continue;
        }
        met.push(*fate);
        let answer = way.send(number).await;
        let is_honest = match fate {
            Fate::Takes => answer == Handover::Sent,
            Fate::IsAway => matches!(answer, Handover::Busy(_)),
            Fate::Refuses => matches!(answer, Handover::Refused(_)),
            Fate::TakesAndIsNotHeard => matches!(answer, Handover::Unknown(_)),
            Fate::IsLost => matches!(answer, Handover::Unknown(_) | Handover::Busy(_)),
        };
        assert!(is_honest, "{fate:?} was told as {answer:?}");
        if let Handover::Busy(why) | Handover::Refused(why) | Handover::Unknown(why) = &answer {
            assert!(!why.trim().is_empty(), "{fate:?}: whoever reads it has to know what to do");
            let told = W::SECRETS.iter().find(|secret| why.contains(**secret));
            assert_eq!(told, None, "{fate:?}: {why}");
        }
        let has_left = matches!(fate, Fate::Takes | Fate::TakesAndIsNotHeard);
        arrived += usize::from(has_left);
        let held = way.held().await;
        assert_eq!(held.len(), arrived, "{fate:?}: handed over once, and only what left is there: {held:?}");
        assert_eq!(held.contains(&text_of(number)), has_left, "{fate:?}: {held:?}");
        let wrong = if has_left { Lookup::Absent } else { Lookup::Found };
        assert_ne!(way.lookup(number).await, wrong, "asked afterwards, {fate:?}");
    }
    met.sort_by_key(|fate| ALL.iter().position(|one| one == fate));
    met.dedup();
    assert_eq!(met, fates, "the fates that this way out can meet");
}
