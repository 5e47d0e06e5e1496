### Letters with codes to houses, on paper.

# $community is the community's name.
letter-title = An invitation: { $community }
# $house is the house's label.
letter-house = House { $house }
letter-greeting = Hello,
letter-what = our settlement uses Dwellers: the barrier knows the cars of residents, you issue passes for your visitors from your telephone, and the guard asks you when somebody unknown comes for you. It costs you nothing and works in a browser; there is nothing to install.
letter-how = How to join
letter-step-scan = 1. Point the camera of your telephone at the square and open the link.
# $address is the address of the site.
letter-step-type = 2. Without a camera, open { $address } and type the code of your house.
letter-step-wait = 3. Say what your name is. An administrator confirms your request, and you are in.
letter-code = The code of your house
letter-bot = Do you prefer Telegram? Point the camera at this square: it opens our bot, and there is no code to type.
letter-family = Everybody who lives in the house may use this code.
letter-secret = Do not show the code to strangers. Earlier codes of the house have ended; if this one is lost, ask the administrators for another.
