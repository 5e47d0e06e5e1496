/** Whether somebody has left here, and the cloud still has to hear of it. */

export const KEPT = "leaving";

export const isLeaving = () => localStorage.getItem(KEPT) !== null;
