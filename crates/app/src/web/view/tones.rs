//! Which of the five tones a state has. Tone is never the only sign: the state's word stands beside it.

/// `green`, `amber`, `red`, `blue` or `plain` for a letter's, pause's, money's or verdict's state.
pub fn of(state: &str) -> &'static str {
    match state {
        "sent" | "paid" | "kept" | "solved" | "taken" | "letter" | "allocation" | "pass" => "green",
        "review" | "uncertain" | "to_paste" | "part" | "partly_kept" | "approval" | "task" | "ladder_done"
        | "shift" | "two_approvals" | "warning" => "amber",
        "failed" | "broken" | "late" | "stop" | "error" => "red",
        "queued" | "sending" | "active" | "due" | "running" | "wait" | "next" => "blue",
        _ => "plain",
    }
}
