// Made by tooling/golden/tokenizer_unicode.py.
// biome-ignore-all format: a table stays on its lines

/** Mn, Mc and Me of Unicode 9.0. */
export const mark9 =
  "_WnBrGEfGk@@?@@@@@?gAIo@SO?dBEADA@@Bb@?]YzAIy@Ga@B@G@A@Cj@AwBL@_@u@A@P@EI@\\Aw@?@EA@AAH?I@\\Aw@?@CC@AAB?]@B?JA" +
  "w@?@F@A@AS@\\Aw@?@EA@AAG@I@]?z@CBA@BH?g@By@E@A@BF@J@\\Aw@?@E@A@BF@J@\\Ay@E@A@BH?I@]@eA?CD@?@FQ@|@?AEKFaB?AD@@J" +
  "DiA@Z?@?@?C@p@R@@DI@b@H?cBRVBCA@AAEBBLJ@?IB~TAq\\A\\A\\@]@_A^H?l@AvB@a@?uBJCJzECx@H@[A?o@M`ACn@Oe@GKA]Kw@Lo@Rw" +
  "CA@SC?CAB@eEt@DCoU_@}~AAlC?_B^iPDhB@sm\\B@H_@@oA@oG?B?C?VCwA@q@PYPs@FXKk@Bn@Lc@?bALK?G@l@Aq@?@AA@D@@?h@CD@kFF@" +
  "@oxR?`VNONl]?aF?tCCes@A@@DBg@AC?dD@xg@At@Mw@Bl@IdAAc@L}@?KAo@LHA~AJE?_DJTBw@?@EA@AAH?I@AEBC_EPhBRjFEAGZ@qAOiBK" +
  "dBMbg@F@FqAT@LxpRCz@Ey_@l@OBigR@eeDCBDGFAE]BsCAz|@u@Cp@G?M?UC@Moi@E@OAE@@@CddAElBEt|dWnF";

/** What NFKD takes apart in Unicode 17.0 and not in 9.0. */
export const compatibilityAfter9 =
  "~vK?pf\\BsZ?~qU?Y?{KC@h@@Gg}A?@?G?A?r@?@@nj@?g~PF~`BAjzVb@uxC|@}fC?bsAH";
