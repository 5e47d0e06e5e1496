no-office = This page is for administrators
no-office-home = To the resident's page
