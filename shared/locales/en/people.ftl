### People and houses.

place-owner = Owner
place-family = Family
place-tenant = Tenant
place-staff = House staff

role-resident = Resident
role-guard = Guard
role-administrator = Administrator

house = House { $house }
# $count: how many houses.
