//! Who may do what: roles and rights. One table, read by pages, API and command line alike.
//!
//! Whose parties a salesperson sees is not a right but a fact of the day (own ones, and those of whoever they stand in
//! for); the store knows it.

use serde::{Deserialize, Serialize};

macro_rules! codes {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            pub fn from_code(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.code() == code)
            }
        }
    };
}

codes! {
    /// What somebody is in the firm. The program itself acts as the system, which is no user and has no role.
    Role {
        /// Own buyers, and those of whoever they stand in for.
        Sales = "sales",
        /// Every buyer; approves; hands buyers over.
        Manager = "manager",
        /// Every buyer; the money.
        Finance = "finance",
        Owner = "owner",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
    }
}

codes! {
    /// One thing that may be allowed.
    Right {
        /// Look at pages, for the buyers one sees.
        See = "see",
        /// See every buyer of the firm.
        SeeEverybody = "see_everybody",
        /// Work with a buyer: letters that need a look, calls, promises, disputes, pauses, why it is unpaid.
        Work = "work",
        /// Say yes to a severe letter, which only a person does; put a case into other hands, and take it back; decide about
        /// new goods.
        ApproveSevere = "approve_severe",
        /// Say where money belongs; statements.
        Money = "money",
        /// Lower what is owed: credits, write-offs.
        Lower = "lower",
        /// Bring in files of orders and buyers.
        Import = "import",
        /// Hand buyers over, name stand-ins, merge, block.
        Assign = "assign",
        /// Company, channels, playbooks, trying out and going live.
        Settings = "settings",
        /// Propose or confirm one of the firm's own bank accounts.
        BankAccounts = "bank_accounts",
        /// Invite people, change their role, show them out.
        Users = "users",
        /// Read and export the log of who did what.
        AuditLog = "audit_log",
        /// Take a copy of everything, export or erase a person.
        Data = "data",
    }
}

impl Role {
    /// The one table of rights.
    pub const fn may(self, right: Right) -> bool {
        use Right::*;
        match self {
            Self::Sales => matches!(right, See | Work | Import),
            Self::Manager => matches!(right, See | SeeEverybody | Work | ApproveSevere | Import | Assign),
            Self::Finance => matches!(right, See | SeeEverybody | Money | Lower | Import | BankAccounts),
            Self::Owner => true,
            Self::Auditor => matches!(right, See | SeeEverybody | AuditLog),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_auditor_changes_nothing_and_the_owner_may_everything() {
        let looks = [Right::See, Right::SeeEverybody, Right::AuditLog];
        for right in Right::ALL {
            assert_eq!(Role::Auditor.may(*right), looks.contains(right), "{right:?}");
            assert!(Role::Owner.may(*right));
        }
    }

    #[test]
    fn nobody_who_writes_letters_places_money_but_the_owner() {
        for role in Role::ALL {
            let both = role.may(Right::Work) && role.may(Right::Money);
            assert_eq!(both, *role == Role::Owner, "{role:?}");
        }
    }

    #[test]
    fn codes_read_back() {
        for role in Role::ALL {
            assert_eq!(Role::from_code(role.code()), Some(*role));
        }
        assert_eq!(Right::from_code("everything"), None);
    }
}
