//! Sight: pictures, geometry, probabilities of texts; and the whole of it with models that are computed, not trained,
//! so that what they must see is known.

#![allow(clippy::float_cmp, reason = "what is computed by hand is met exactly")]

mod approach;
mod ctc;
mod grammar;
mod hostile;
mod look;
mod models;
mod onnx;
mod picture;
mod plane;
mod program;
mod quad;
mod shipped;
