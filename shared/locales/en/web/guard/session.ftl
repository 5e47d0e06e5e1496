# A guard signs in.
sign-in-title = Who is at the post?
sign-in-again = The shift was interrupted, sign in again
sign-in-choose = Tap your name
sign-in-nobody = There is no guard here yet. The administrator adds one with
sign-in-enter = Sign in
pin = PIN
# $seconds: how long to wait.
pin-wait =
    { $seconds ->
        [one] { $seconds } more second.
       *[other] { $seconds } more seconds.
    }
unpaired-title = This screen is not paired with the post yet
unpaired-name = Gatehouse screen
unpaired-ask = At the post's computer the administrator runs:
unpaired-open = Open the link that it prints on this screen.
unpaired-once = The link is good for ten minutes and once.
unpaired-again = Then this page opens by itself.
