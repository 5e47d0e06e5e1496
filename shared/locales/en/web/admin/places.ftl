place-owner = owner
place-family = family
place-tenant = tenant
place-staff = staff
place-guard = guard
place-administrator = administrator
