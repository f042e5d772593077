//! Who works in the demo's firm. Nobody there has a password: the sign-in page of a demo offers them by name.

use dunlin_core::access::Role;

/// Somebody of the demo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Person {
    pub name: &'static str,
    pub email: &'static str,
    pub role: Role,
}

const fn person(name: &'static str, email: &'static str, role: Role) -> Person {
    Person { name, email, role }
}

/// The owner first; then those who sell, who share the buyers.
pub const PEOPLE: [Person; 6] = [
    person("Chen Wei", "chen.wei@qihang-outdoor.example", Role::Owner),
    person("Lin Yue", "lin.yue@qihang-outdoor.example", Role::Sales),
    person("Zhou Hao", "zhou.hao@qihang-outdoor.example", Role::Sales),
    person("Xu Min", "xu.min@qihang-outdoor.example", Role::Manager),
    person("Wang Li", "wang.li@qihang-outdoor.example", Role::Finance),
    person("Gu Ping", "gu.ping@audit.example", Role::Auditor),
];
