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

# $name: who decided; $when: when.
application-accepted-by = The application was accepted already: { $name }, { $when }
application-refused-by = The application was refused already: { $name }, { $when }
application-withdrawn-by = The applicant has withdrawn it: { $name }, { $when }
application-waiting = An administrator has your application. What they decide will be seen here
application-accepted = You are accepted
application-refused = Your application was refused. Put right what the reason says and apply again, or talk to the administrator
application-withdrawn = You have withdrawn your application. You can apply again

consent-if-withdrawn = Without your consent the community can no longer keep your data. The administrator is told, and your access, passes and cars end when the data are deleted. Until then you can agree again
consent-withdrawn = Your consent is withdrawn, the administrator sees it. Your access, passes and cars end when the data are deleted. Until then you can agree again
