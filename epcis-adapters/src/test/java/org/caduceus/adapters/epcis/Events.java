package org.caduceus.adapters.epcis;

/** Capture documents of our own to test with. */
final class Events {
  private static final String CONTEXT =
      """
      "@context": ["https://ref.gs1.org/standards/epcis/epcis-context.jsonld",
        {"example": "https://ns.example.com/epcis/"}]\
      """;

  private static final String OBJECT =
      """
      "type": "ObjectEvent", "eventTime": "2026-03-02T09:15:00.000+08:00",
      "eventTimeZoneOffset": "+08:00", "action": "ADD", "bizStep": "commissioning",
      "epcList": ["urn:epc:id:sgtin:4012345.012345.12"]\
      """;

  /** One object event whose extension is to be filled in. */
  static final String WITH_EXTENSION = document("{" + OBJECT + ", \"example:extension\": %s}");

  /** One event as POST /events takes it. */
  static final String ALONE = "{" + CONTEXT + ", " + OBJECT + "}";

  /** One event of every type, with most properties. */
  static final String EVERY_TYPE =
      document(
          "{"
              + OBJECT
              + """
              , "eventID": "urn:uuid:5b7f9a54-0f0e-4c5e-9d58-2f6a1b0f1c01",
              "recordTime": "2026-03-02T01:15:01Z", "disposition": "active",
              "persistentDisposition": {"set": ["completeness_verified"]},
              "readPoint": {"id": "urn:epc:id:sgln:4012345.00011.987"},
              "bizLocation": {"id": "https://id.example.com/414/4012345000115"},
              "quantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L1",
                "quantity": 2.50, "uom": "KGM"}],
              "ilmd": {"example:lot": "B1", "example:codes": ["81999990000000000017"]},
              "errorDeclaration": {"declarationTime": "2026-03-03T00:00:00Z",
                "reason": "incorrect_data", "correctiveEventIDs": ["urn:uuid:1"]},
              "sensorElementList": [{"sensorMetadata": {"time": "2026-03-02T01:15:00Z"},
                "sensorReport": [{"type": "Temperature", "value": 4.20, "uom": "CEL"}]}]},
              {"type": "AggregationEvent", "eventTime": "2026-03-02T09:16:00Z",
              "eventTimeZoneOffset": "+00:00", "action": "ADD",
              "parentID": "urn:epc:id:sscc:4012345.0000000333",
              "childEPCs": ["urn:epc:id:sgtin:4012345.012345.12"], "bizStep": "packing"},
              {"type": "TransactionEvent", "eventTime": "2026-03-02T09:17:00Z",
              "eventTimeZoneOffset": "+00:00", "action": "OBSERVE",
              "bizTransactionList": [{"type": "po", "bizTransaction": "urn:example:po:1"}],
              "epcList": ["urn:epc:id:sgtin:4012345.012345.12"],
              "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:4012345.00000"}],
              "destinationList": [{"type": "location",
                "destination": "urn:epc:id:sgln:4012345.00011.0"}]},
              {"type": "TransformationEvent", "eventTime": "2026-03-02T09:18:00Z",
              "eventTimeZoneOffset": "+00:00",
              "inputEPCList": ["urn:epc:id:sgtin:4012345.012345.12"],
              "outputQuantityList": [{"epcClass": "urn:epc:class:lgtin:4012345.012345.L2"}]},
              {"type": "AssociationEvent", "eventTime": "2026-03-02T09:19:00Z",
              "eventTimeZoneOffset": "+00:00", "action": "ADD",
              "parentID": "urn:epc:id:grai:4012345.66666.87",
              "childEPCs": ["urn:epc:id:giai:4012345.AAbb"]}""");

  private Events() {}

  /** One object event with one more or another property. */
  static String with(String name, String value) {
    StringBuilder properties = new StringBuilder();
    for (String property : OBJECT.split(",(?=\\s+\")")) {
      if (!property.strip().startsWith("\"" + name + "\"")) {
        properties.append(property).append(",");
      }
    }
    return document("{" + properties + "\"" + name + "\": " + value + "}");
  }

  private static String document(String events) {
    return "{"
        + CONTEXT
        + """
        , "type": "EPCISDocument", "schemaVersion": "2.0",
        "creationDate": "2026-03-02T10:00:00Z", "epcisBody": {"eventList": ["""
        + events
        + "]}}";
  }
}
