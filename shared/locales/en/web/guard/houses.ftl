# Houses at the guard's.
house-number = House
house-label = house { $house }
house-which = Type the number of the house
house-maybe = It may be
house-unknown = There is no house { $house } here
house-empty = Nobody lives there yet
house-no-phone = No phone
houses-find = Number of the house, name or phone
houses-none = There are no houses yet
houses-none-such = Nothing was found
