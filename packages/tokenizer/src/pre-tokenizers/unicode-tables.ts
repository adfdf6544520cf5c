// Made by tooling/golden/tokenizer_unicode.py.
// biome-ignore-all format: a table stays on its lines

/** Alphabetic, M, Nd, Pc and Join_Control of Unicode 16.0. */
export const word16 =
  "o@HFXC?@Xn@?I?C?DU@]@hMCJMCF?@?PsB@@AB@?E?@A@?@R@qA@iC@kD@d@A?Eg@Gk@@?@@@@@?GYCB\\IDhACdB@FAH@QA?Oy@AcBMt@C?A?" +
  "Al@QZCIDV@DGiA@_CAH@Q@FA@AT@E@?BBAGA@ABG?C@@CAJI?@?AA@DC@AT@E@@@@@@A?@CC@AAB?FB@?FNJA@G@A@T@E@@@CAH@A@AA?NBAHH" +
  "E@A@FA@AT@E@@@CAGA@AAFAC@@CAH@?O@@DBA@BB@@?@@B@BABJCCBA@BA?E?MHOK@A@U@NAG@A@BF@@AA?ABAHOB@F@A@U@H@CAG@A@BF@E@@" +
  "BAH@AKK@A@q@@A@CDBFCAHID@A@PBV@G@?AEB?CD@?@FEHA@Lx@DM@Hf@@@?@C@V@?@UAC@?@E@HAB_@?V@EHJ?@?@?CH@b@CR@P@b@H?x@hAE" +
  "lAAd@@?D?Ai@@kI@BAE@?@BAg@@BA_@@BAE@?@BAM@w@@BAaAAA_@NOtAADBjRAO@XDiABIFTHTJRKK@A@@KrAB?C@AH`@A@IEwAFi@DdAI]@J" +
  "CJIf@ACJj@CXEHe@ZC}@@[AIEHL?G]p@kABHPGKrBKv@GHBo@AIDi@AAOA@e@DtOADAd@ADAF@?@?@?@]As@@E@?BA@EBBADCKDA@EN@p@@R?[" +
  "?L?OKr@_@P?C?AH@?BCE?@?@?@B@IABDCC?Pg@lXr@uw@cFEGKd@@?D?Av@F?NVHE@E@E@E@E@E@E@E@^n@?tMAXM@CACCtAA@AA@xA@BDi@@|" +
  "AP^o@N_O~lE_AksTbAl@AkGBZSq@@H@qBd@GAeBAaAA@@?@FTt@C?Rr@KdAIHEVB?@o@Ab@K[B_AMIE]@u@HLAHEUBgAWAANACIDADADHE@E@i" +
  "@@LEyB@@AHEb|IKUCo@cgGlJAhBe@EKCDJ@K@C@?@@@@@jB`@iJQ~@At@g@JCNONB@WA_@C@eCRHFXC?@XJwABDADADAAb@J@X@Q@@@MALa@yB" +
  "dAs@gC?aC[Bo@N?^^L\\Di@D\\Ab@CF@Ci@|CAHEb@Cb@Cf@Gr@KI@M@E@@@I@M@E@@Br@KuHHTIFWD@h@@GdADA?@j@@@B?AUIUH]`AQ@@ITI" +
  "XeAv@E@_AB@@DF@A@[AAC?_@[B[b@F@\\Xt@ITIQLPmBgAv@q@Lq@Lf@GHEd@BC@UyFh@@@B@OAv@_@I?G_@^Ti@SZUHeA^NHz@F?LWFHEs@@H" +
  "CBGb@A?HcACB@K@?b@P@c@EB}@E@?@B@M@HFy@DHEB@FA@AT@E@@@C@HA@AAA?E?DEAEBCJH@?A?@d@@H@?A?@B@FL@\\iADHCB]dA@?GHeDt@" +
  "AGVDa@_AB?JHe@w@FHER[YAMCHEExDy@dBhATFA?AF@@@\\@@AGKHeAFAl@AF@@Z}@G?GhAB?QgAfE_@NHEG@k@@GNHW\\AT@LhAE@@@j@B?@@" +
  "@GGHED@@@c@@@@DFHuHUHO@g@BCLItA?nAx[eBmBPbEkqA_BNn`@OTIy{BDeQxtEx@eu@wPF]@HEmA@HE\\ACJu@HBKHHSDQoLk@BHeE~@_CiA" +
  "Cw@FO_A@@@J@Mv~DGte@h@HfvGB@E@@@aHN?\\AA?MBGjKcgAiBDKBGFHB@paCHeOl@AU}OCBDGFAE]BsCAzLsA@eA@@A?A@AB@J@?@E@_A@BA" +
  "F@E@Z@B@C@?BE@rIAW@W@]@W@]@W@]@W@]@W@FAp@_Ou@Cp@G?M?UC@Moa@]EDtEE@OAE@@@CD|@`@?oBk@BLAHC?`I]Px@uMh@uEi@dNE@B@@" +
  "@M@cEJEh@jACHed@B@Y@@@?A?@H@B@?@?E?C?@?@?@A@@@?A?@?@?@?@?@@@?AB@E@B@B@?@H@ODA@C@OsRXEXEXerAHe_@~uh@_@x`CE|EA`s" +
  "DMohFNlRalA|Oan@iyCD~aCoivTnF";

/** Nd, Nl and No of Unicode 17.0. */
export const numeric17 =
  "o@HwB@D?AA`l@HeCHeEH{KHuBHCDkBHuBHuBHADmBKrBHGEfBHgBEFQlBH_BHuBHeARkGHeAHnURpZAnFHEHUHkHH_CIdDHEHuDHuAHeCHEHu_" +
  "@?BDEHeEq@ACuUz@mATuR\\hj@?hW?XGMAvIBiCH]F@M_@Hf@M_z[H{DH_IDyCHe@HeEHUHuAHuKHuwSHlNk@Kw@P@tIYc@B\\?G?eCCiEHm" +
  "\\FXEf@GjACUD_D@ANAl@_AGs@@]AjACgBFWFh@EiIDo@HEHuG]}CHi@BoBEeC\\_CH{@HoCHFRzFHuIHuBHuJHeBHERkAJcLQ|AHuSHuA[bFH" +
  "eAHu@HeJHeBSj`@mB`eNHehAHuAHeCH@EmOHeGU|IAxfVHem@RKRkBWta@p@_iAHeLHuNHvFHkUG_CHvWy@@A@BkAk@@Ma]KbvAH";
