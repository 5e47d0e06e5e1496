### Letters about somebody's account.

# $link: where it leads.
letter-sign-in =
    Somebody, you we hope, asked for a link to sign in to Dwellers:

    { $link }

    It works for one hour, once. If it was not you, do nothing: nobody can sign in without this letter.
    .subject = Your link to sign in

# $link: where it leads.
letter-prove =
    Somebody, you we hope, gave this address for their account in Dwellers. To confirm it, open this in the browser where you are signed in:

    { $link }

    It works for one day, once. If it was not you, do nothing: the address will not be used.
    .subject = Confirm your address

# $link: where it leads.
letter-reset =
    Somebody, you we hope, asked for a new password for your account in Dwellers. To set one:

    { $link }

    It works for one hour, once, and you are signed out everywhere. If it was not you, do nothing: your password stays as it is.
    .subject = A new password

# $link: where it leads.
letter-was-reset =
    The password of your account in Dwellers was set anew by a link from a letter to this address, and you were signed out everywhere.

    If it was not you, somebody else reads your mail: change its password first, then that of your account:

    { $link }
    .subject = Your password was changed

# $address: the new one.
letter-moved =
    Letters about your account in Dwellers now go to { $address } and no longer here.

    If it was not you, somebody else was in your account: ask your administrator for help.
    .subject = Your address was changed
