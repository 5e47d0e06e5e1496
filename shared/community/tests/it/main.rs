//! The rules of community life, tested by the commands that web, bot and touchscreen call.

mod plate;

#[test]
fn all_collections_can_be_declared() {
    let _ = dwellers::schema();
}
