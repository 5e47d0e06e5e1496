# The app on a phone: without a connection, and newer versions.
app-offline = No connection.
# $at: from when what is shown is.
app-offline-since = Shown is what was known: { $at }.
app-newer = There is a newer version.
app-renew = Refresh
app-install = Install the app
app-install-why = It opens at once from the home screen and shows your passes without a connection.
app-led = There is a notification. What you typed into this page is lost if you leave.
app-led-go = Open it
app-led-stay = Stay
