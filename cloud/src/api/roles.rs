//! Roles: who is a guard or an administrator.

use dwellers::Denied;
use dwellers::people::{self, Permission, Role, RoleGrant};
use dwellers::rights::{self, Life};
use dwellers_replica::{Entry, Open, Query, RecordId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::call::{Call, Look, Member, created, done, json};
use super::problem::Problem;
use super::table::{Answer, Table};

pub(super) fn routes(to: &mut Table) {
    to.may::<__path_list, _, _>(&[Permission::ManageRoles], list);
    to.may::<__path_grant, _, _>(&[Permission::ManageRoles], grant);
    to.may::<__path_revoke, _, _>(&[Permission::ManageRoles], revoke);
}

/// Somebody's role: a grant.
#[derive(Serialize, Deserialize, ToSchema)]
#[schema(as = RoleGrant)]
struct RoleDocument {
    id: RecordId,
    /// Who.
    person: RecordId,
    /// Their name.
    name: String,
    role: Open<Role>,
    /// Who gave it; nobody: the operator.
    by: Option<RecordId>,
    /// Their name.
    by_name: String,
    /// When it was given, in milliseconds since 1970.
    at_ms: u64,
}

#[derive(Serialize, ToSchema)]
struct Roles {
    roles: Vec<RoleDocument>,
}

/// A role to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    /// To whom.
    person: RecordId,
    /// `guard` or `administrator`.
    role: Role,
}

/// Who is a guard or an administrator
#[utoipa::path(get, path = "/api/v1/communities/{community}/roles", tag = "roles", operation_id = "roles.list",
    params(("community" = RecordId, Path)), responses((status = 200, body = Roles)))]
async fn list(call: Call, member: Member) -> Answer {
    let read = member.read(&call, |look| {
        let mut roles = Vec::new();
        let mut after = None;
        loop {
            let query = Query::on("role").after(after).limit(Query::MAX_LIMIT);
            let page = look.view.of::<RoleGrant>().find(&query)?;
            for grant in page.entries {
                if rights::life(look.view, grant.id)? == Life::Alive {
                    roles.push(document(look, grant)?);
                }
            }
            after = page.next;
            if after.is_none() {
                return Ok(Roles { roles });
            }
        }
    });
    json(&read.await?)
}

fn document(look: &Look<'_>, grant: Entry<RoleGrant>) -> Result<RoleDocument, Problem> {
    let Entry { id, value: RoleGrant { person, role, by, .. }, .. } = grant;
    look.concerns_person(person);
    let (name, by_name) = (look.person(Some(person))?, look.person(by)?);
    Ok(RoleDocument { id, person, name, role, by, by_name, at_ms: id.made_ms() })
}

/// Make somebody a guard or an administrator
#[utoipa::path(post, path = "/api/v1/communities/{community}/roles", tag = "roles", operation_id = "roles.grant",
    params(("community" = RecordId, Path)), request_body = NewRole,
    responses((status = 201, body = RoleDocument)))]
async fn grant(call: Call, member: Member) -> Answer {
    let NewRole { person, role } = call.body()?;
    let granted = member.write(&call, move |act| {
        act.concerns_person(person);
        let (actor, view) = (act.actor(), act.ctx.view);
        let (id, writes) = people::grant_role(&mut act.ctx, &actor, person, role)?;
        let name = |id: RecordId| {
            let known = view.of::<people::Person>().get(id)?;
            Ok::<_, Problem>(known.map(|known| known.value.name).unwrap_or_default())
        };
        let (name, by, by_name) = (name(person)?, Some(act.member.person), name(act.member.person)?);
        let (role, at_ms) = (Open::Known(role), act.ctx.now.ms);
        Ok((RoleDocument { id, person, name, role, by, by_name, at_ms }, writes))
    });
    created(&granted.await?)
}

/// Take a role away; the last administrator stays
#[utoipa::path(delete, path = "/api/v1/communities/{community}/roles/{role}", tag = "roles",
    operation_id = "roles.revoke", params(("community" = RecordId, Path), ("role" = RecordId, Path)),
    responses((status = 204, description = "It is taken away")))]
async fn revoke(call: Call, member: Member) -> Answer {
    let id = call.id("role")?;
    let revoked = member.write(&call, move |act| {
        let known = act.ctx.view.of::<RoleGrant>().get(id)?.ok_or(Denied::NotFound("role"))?;
        act.concerns_person(known.value.person);
        let actor = act.actor();
        let losing = people::losing_all(act.ctx.view, act.ctx.now, id)?;
        match rights::revoke(&mut act.ctx, &actor, id, "") {
            Err(Denied::Ended(_)) => Err(Denied::Ended("role").into()),
            revoked => Ok((losing, revoked?)),
        }
    });
    call.api.uninvite(&member, revoked.await?).await?;
    done()
}
