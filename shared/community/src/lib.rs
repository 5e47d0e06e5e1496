//! The rules of community life.
