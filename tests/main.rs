//! All integration tests in one program: each that links the library costs seconds.
