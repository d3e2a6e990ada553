//! What stands around a formula and changes its days, its windows or its members.

pub(super) mod daily;
pub(super) mod monthly;
pub(super) mod partial;
pub(super) mod weekly;
pub(super) mod within;
