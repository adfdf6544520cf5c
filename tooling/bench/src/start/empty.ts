// Program: nothing. What Node itself takes.
import { reportFirstVector } from "./first-vector.js";

reportFirstVector([], []);
