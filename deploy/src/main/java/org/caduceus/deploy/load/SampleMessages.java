package org.caduceus.deploy.load;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.random.RandomGenerator;

/**
 * HL7 v2.5.1 messages of fictional patients, like those of a hospital information system: ADT^A01
 * of about 0.8 kB with nine segments and ORU^R01 of about 0.7 kB with four results. The same seed
 * makes the same messages.
 */
public final class SampleMessages {
  private static final String[] FAMILY = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄"};
  private static final String[] GIVEN = {"伟", "芳", "娜", "敏", "静", "强", "磊", "洋"};
  private static final String[][] RESULTS = {
    {"2093-3", "Cholesterol", "mmol/L", "3.1-5.7"},
    {"2571-8", "Triglyceride", "mmol/L", "0.4-1.7"},
    {"1558-6", "Glucose", "mmol/L", "3.9-6.1"},
    {"2160-0", "Creatinine", "umol/L", "57-97"}
  };

  private final RandomGenerator random;

  /** Messages drawn from {@code random}. */
  public SampleMessages(RandomGenerator random) {
    this.random = random;
  }

  /** An admission with this MSH-10. */
  public byte[] admission(String controlId) {
    int patient = random.nextInt(1_000_000);
    String name = FAMILY[random.nextInt(FAMILY.length)] + "^" + GIVEN[random.nextInt(GIVEN.length)];
    int year = 1930 + random.nextInt(90);
    String text =
        header("ADT^A01^ADT_A01", controlId)
            + "EVN|A01|20260901083015||01|OP001^Operator^One\r"
            + String.format(
                Locale.ROOT,
                "PID|1||MRN%06d^^^HOSP_A^MR~99%06d^^^CN^NI||%s^^^^^L||%d0101|%s|||No %d Chang An Street"
                    + "^^Beijing^BJ^100000^CHN^H||+86-10-5555%04d|||M||ACC%06d\r",
                patient,
                patient,
                name,
                year,
                random.nextBoolean() ? "M" : "F",
                random.nextInt(1, 900),
                random.nextInt(10_000),
                patient)
            + "NK1|1|李^四|SPO^Spouse^HL70063||+86-10-55550101\r"
            + String.format(
                Locale.ROOT,
                "PV1|1|I|W%02d^1%02d^A^HOSP_A||||D100^Zhang^San|D101^Li^Si||MED||||1|||D100^Zhang^San|IP"
                    + "|V%06d^^^HOSP_A^VN|||||||||||||||||||||||||20260901083000\r",
                random.nextInt(30),
                random.nextInt(60),
                patient)
            + "DG1|1|I10|I21.9^Acute myocardial infarction, unspecified^I10|Acute MI|20260901|A\r"
            + "AL1|1|DA|^Penicillin|SV|Rash\r"
            + String.format(
                Locale.ROOT,
                "IN1|1|PLAN01|INS01|National Health Insurance^^BJ|||||||||20260101|20261231|||%s|SEL"
                    + "|%d0101|Chang An Street^^Beijing^BJ^100000^CHN\r",
                name,
                year)
            + "ZPI|1|LEDGER|CONSENT^Y|20260901\r";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Results of one order with this MSH-10. */
  public byte[] results(String controlId) {
    int patient = random.nextInt(1_000_000);
    StringBuilder text =
        new StringBuilder(header("ORU^R01^ORU_R01", controlId))
            .append(
                String.format(
                    Locale.ROOT, "PID|1||MRN%06d^^^HOSP_A^MR||王^小明||19900101|M\r", patient))
            .append("PV1|1|O|OPD^^^HOSP_A\r")
            .append(String.format(Locale.ROOT, "ORC|RE|P%06d|F%06d\r", patient, patient))
            .append(
                String.format(
                    Locale.ROOT,
                    "OBR|1|P%06d|F%06d|24331-1^Lipid panel^LN|||20260901080000|||||||||D100^Zhang"
                        + "^San||||||20260901083000|||F\r",
                    patient,
                    patient));
    for (int i = 0; i < RESULTS.length; i++) {
      String[] result = RESULTS[i];
      text.append(
          String.format(
              Locale.ROOT,
              "OBX|%d|NM|%s^%s^LN||%.1f|%s|%s||||F|||20260901083000\r",
              i + 1,
              result[0],
              result[1],
              random.nextDouble(0.5, 99),
              result[2],
              result[3]));
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private static String header(String type, String controlId) {
    return "MSH|^~\\&|HIS|HOSP_A|LEDGER|INST_01|20260901083015+0800||"
        + type
        + "|"
        + controlId
        + "|P|2.5.1||||||UNICODE UTF-8\r";
  }
}
