//! How much a buyer is worth to the firm (SCENARIOS P4). Given by hand or by a file; it steers the tone of playbooks (field
//! `grade`) and who comes first on Today, and it never loosens a gate.

use crate::receivable::coded_enum;

coded_enum! {
    /// The grade of a buyer, the best first.
    Grade {
        Gold = "gold",
        Silver = "silver",
        Bronze = "bronze",
    }
}

impl Grade {
    /// For lists: the best first, then those without a grade.
    pub fn rank(grade: Option<Self>) -> usize {
        grade.map_or(Self::ALL.len(), |grade| grade as usize)
    }

    /// Reads what files and forms say; `Some(None)` for "none".
    pub fn read(text: &str) -> Option<Option<Self>> {
        match text.trim().to_lowercase().as_str() {
            "" | "none" | "-" | "无" => Some(None),
            "gold" | "金" | "金牌" | "a" => Some(Some(Self::Gold)),
            "silver" | "银" | "银牌" | "b" => Some(Some(Self::Silver)),
            "bronze" | "铜" | "铜牌" | "c" => Some(Some(Self::Bronze)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Grade;

    #[test]
    fn gold_comes_first_and_no_grade_last() {
        let mut all = [None, Some(Grade::Bronze), Some(Grade::Gold), Some(Grade::Silver)];
        all.sort_by_key(|grade| Grade::rank(*grade));
        assert_eq!(all, [Some(Grade::Gold), Some(Grade::Silver), Some(Grade::Bronze), None]);
    }

    #[test]
    fn grades_are_read_as_people_write_them() {
        assert_eq!(Grade::read(" Gold "), Some(Some(Grade::Gold)));
        assert_eq!(Grade::read("银"), Some(Some(Grade::Silver)));
        assert_eq!(Grade::read("none"), Some(None));
        assert_eq!(Grade::read("platinum"), None);
        assert_eq!(Grade::read("gold'; DROP TABLE party;--"), None);
    }
}
