//! The verdict on the best point of a sweep: did moving the weights earn more than holding the same assets, with everything
//! allowed for that was tried on them in this folder?

pub(crate) mod chosen;
pub(crate) mod examination;
pub(crate) mod family;
pub(crate) mod holdings;
pub(crate) mod holdout;
pub(crate) mod identity;
pub(crate) mod ledger;
pub(crate) mod look;
pub(crate) mod pass;
pub(crate) mod placebo;
pub(crate) mod scene;
mod sketches;
pub(crate) mod trial;
pub(crate) mod walk;
pub(crate) mod world;
pub(crate) mod world_files;
