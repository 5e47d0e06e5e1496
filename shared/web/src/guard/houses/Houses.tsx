/** Houses and whom to call there. */
import { useState } from "react";
import { useTexts } from "~/texts/texts";
import { Empty, Loaded } from "~/ui/states";
import { phoneShown } from "../arrivals/Question";
import { Finder } from "../keys/Finder";
import type { PlaceProps } from "../post/Post";
import { useHouses } from "./houses";

export function Houses(_: PlaceProps) {
  const t = useTexts();
  const [search, setSearch] = useState("");
  const query = useHouses(search);
  return (
    <Finder label={t("houses-find")} layouts={["number", "words"]} value={search} onChange={setSearch} begins>
      <Loaded query={query}>
        {({ houses }) =>
          houses.length === 0 ? (
            <Empty>{search ? t("houses-none-such") : t("houses-none")}</Empty>
          ) : (
            <ul className="rows">
              {houses.map((house) => (
                <li className="row" key={house.id}>
                  <h2 className="house">{t("house-label", { house: house.label })}</h2>
                  <div className="row-text">
                    {house.note && <div className="quiet">{house.note}</div>}
                    {house.people.length === 0 && <span className="quiet">{t("house-empty")}</span>}
                    <ul className="phones">
                      {house.people.map((person) => (
                        <li key={person.id}>
                          <b>{phoneShown(person.phone) || t("house-no-phone")}</b> {person.name}{" "}
                          <span className="quiet">{person.place_text}</span>
                        </li>
                      ))}
                    </ul>
                  </div>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Finder>
  );
}
