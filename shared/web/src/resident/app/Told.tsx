/** Where messages lead: the cloud names what they are about by its settlement, this page stands in one at a time. */
import { useNavigate, useParams } from "@tanstack/react-router";
import { useEffect } from "react";
import { useHere } from "~/session/session";
import { Loading } from "~/ui/states";
import { placeOf } from "./told";

export function Told() {
  const { community = "", _splat } = useParams({ strict: false });
  const here = useHere();
  const navigate = useNavigate();
  useEffect(() => {
    if (here.account.persons.some((person) => person.community === community)) here.go(community);
    const place = placeOf(_splat ?? "");
    if (place.startsWith("/admin/")) window.location.replace(place);
    else navigate({ href: place, replace: true });
  }, [here, community, _splat, navigate]);
  return <Loading />;
}
