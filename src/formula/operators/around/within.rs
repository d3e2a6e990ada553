//! `within(groups, f)`: f with operators across assets that see one group.

use crate::formula::operator::{Absent, Argument, Compute, Operator, no_depth};

/// `within(groups, f)`: f with operators across assets that see one group.
pub(crate) static WITHIN: Operator = Operator {
    name: "within",
    usage: "within(groups, f)",
    synonyms: &[],
    arguments: &[Argument::Groups, Argument::Value],
    optional: 0,
    rule: None,
    depth: no_depth,
    compute: Compute::Within,
    purpose: "groups",
    definition: "f in which every operator across assets sees as members only those of the asset's own group: `within(sector, demean(x))` is neutral in each sector, `within(sector, top(x, 2))` takes two of each. `groups` is a name of [`[groups]`](strategy-file.md#groups) or any formula: equal numbers are a group, taken at that day.",
    absent: Absent::Rule("A member without a group gets nothing from an operator across assets."),
    example: &[
        "day 6: within(close > 10, count()) -> 2, 2, 1",
        "day 6: within(sign(close - 10), rank(close)) -> 2, 1, 1",
    ],
    remarks: "Inside `monthly` the groups are those of the month's last day. It does not stand inside itself, and does not change operators inside `of`.",
    source: "",
};
