//! The verdict on the best point of a sweep: did moving the weights earn more than holding the same assets, with everything
//! allowed for that was tried on them in this folder?

pub(crate) mod pass;
pub(crate) mod placebo;
pub(crate) mod scene;
pub(crate) mod trial;
pub(crate) mod world;
pub(crate) mod world_files;
