package org.caduceus.adapters.dicom;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import org.caduceus.ledger.Bytes;
import org.caduceus.ledger.Hash;
import org.caduceus.ledger.record.Canonicalisation;
import org.caduceus.ledger.record.Canonicalisation.Canonical;

/**
 * The front door: a DICOM instance in, a {@code dicom.instance} record or a refusal out. The
 * record's external id is the SOP Instance UID and its payload the DICOM JSON metadata, UTF-8;
 * pixels and other bulk data are only digested. Thread-safe.
 *
 * <p>The content hash of a file is that of its data set, without the file meta information: every
 * receiver rewrites that one (PS3.10 section 7.1), so the same instance coming from two archives is
 * one instance. Bad input never throws.
 */
public final class DicomAdapter {

  /**
   * Reads one DICOM file to its end, or to the point where it is refused.
   *
   * @param file the file; not closed
   * @param sender who sends, see {@link org.caduceus.ledger.record.CanonicalRecord#sender()}
   * @throws IOException if reading {@code file} fails
   */
  public DicomInstance part10(InputStream file, String sender) throws IOException {
    InstanceFacts facts = new InstanceFacts();
    try {
      Part10Reader.Instance instance = new Part10Reader(file, facts).read();
      return instance(
          facts,
          new Canonical(
              InstanceRecord.of(
                  facts,
                  sender,
                  instance.metadata(),
                  instance.dataSet(),
                  Optional.of(instance.file()))));
    } catch (StreamRefusal e) {
      return instance(facts, e.refusal().refused());
    } catch (DicomRefusal e) {
      return instance(facts, e.refused());
    }
  }

  /**
   * Reads an {@code application/dicom+json} document.
   *
   * @param document UTF-8 text; not closed
   * @throws IOException if reading {@code document} fails
   */
  public JsonDocument readJson(InputStream document) throws IOException {
    return DicomJsonReader.read(document);
  }

  /**
   * Checks one instance of a document. Its content hash is that of the canonical metadata, into
   * which the digests of the bulk data have gone.
   *
   * @param bulk what was sent beside the metadata, by the URI that refers to it
   * @param sender who sends
   */
  public DicomInstance json(JsonInstance instance, Map<String, BulkData> bulk, String sender) {
    InstanceFacts facts = new InstanceFacts();
    try {
      Bytes metadata = Bytes.wrap(new JsonDataSet(bulk, facts).canonical(instance));
      Hash content = Hash.sha256(metadata.unsafeArray());
      return instance(
          facts,
          new Canonical(InstanceRecord.of(facts, sender, metadata, content, Optional.empty())));
    } catch (StreamRefusal e) {
      return instance(facts, e.refusal().refused());
    } catch (DicomRefusal e) {
      return instance(facts, e.refused());
    } catch (IOException e) {
      throw new UncheckedIOException("Expected writing to memory to work, but it failed", e);
    }
  }

  private static DicomInstance instance(InstanceFacts facts, Canonicalisation canonicalisation) {
    return new DicomInstance(
        facts.uid(Tag.SOP_CLASS_UID),
        facts.uid(Tag.SOP_INSTANCE_UID),
        facts.uid(Tag.STUDY_INSTANCE_UID),
        canonicalisation);
  }
}
