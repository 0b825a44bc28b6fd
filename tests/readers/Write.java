import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.Footer;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetOutputFormat.JobSummaryLevel;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Writes tables as parquet-java does, which Spark writes with, into the folder that the argument
 * names: pages of both versions, page indexes, Bloom filters, and a data set with the summaries
 * that Hadoop's committer makes.
 */
public class Write {
  static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            required int64 row_id;
            optional int32 small (INTEGER(16, true));
            optional binary few (STRING);
            optional binary many (STRING);
            optional boolean flag;
            optional double ratio;
            optional int32 day (DATE);
            optional int64 instant (TIMESTAMP(MICROS, true));
            optional int96 legacy;
            optional fixed_len_byte_array(9) amount (DECIMAL(20, 2));
            optional fixed_len_byte_array(16) id (UUID);
            optional group list (LIST) {
              repeated group list {
                optional int32 element;
              }
            }
            optional group map (MAP) {
              repeated group key_value {
                required binary key (STRING);
                optional group value {
                  optional float x;
                }
              }
            }
          }
          """);

  public static void main(String[] arguments) throws Exception {
    String folder = arguments[0];
    Configuration configuration = new Configuration();
    for (WriterVersion version : WriterVersion.values()) {
      for (CompressionCodecName codec :
          List.of(
              CompressionCodecName.UNCOMPRESSED,
              CompressionCodecName.SNAPPY,
              CompressionCodecName.ZSTD)) {
        String name = version + "_" + codec + ".parquet";
        write(new Path(folder, name), configuration, version, codec, 3000);
      }
      write(
          new Path(folder, version + "_empty.parquet"),
          configuration,
          version,
          CompressionCodecName.SNAPPY,
          0);
    }
    summaries(new Path(folder, "dataset"), configuration);
  }

  @SuppressWarnings("deprecation")
  static void summaries(Path folder, Configuration configuration) throws Exception {
    List<Footer> footers = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      Path path = new Path(folder, "part-0000" + part + ".snappy.parquet");
      write(path, configuration, WriterVersion.PARQUET_1_0, CompressionCodecName.SNAPPY, 500);
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
        footers.add(
            new Footer(path.getFileSystem(configuration).makeQualified(path), reader.getFooter()));
      }
    }
    Path root = folder.getFileSystem(configuration).makeQualified(folder);
    ParquetFileWriter.writeMetadataFile(configuration, root, footers, JobSummaryLevel.ALL);
  }

  static void write(
      Path path,
      Configuration configuration,
      WriterVersion version,
      CompressionCodecName codec,
      int rows)
      throws Exception {
    SimpleGroupFactory factory = new SimpleGroupFactory(SCHEMA);
    try (ParquetWriter<Group> writer =
        ExampleParquetWriter.builder(HadoopOutputFile.fromPath(path, configuration))
            .withType(SCHEMA)
            .withWriterVersion(version)
            .withCompressionCodec(codec)
            .withRowGroupSize(64L << 10)
            .withPageSize(2 << 10)
            .withPageRowCountLimit(200)
            .withBloomFilterEnabled("many", true)
            .withBloomFilterNDV("many", 3000)
            .withBloomFilterEnabled("row_id", true)
            .withExtraMetaData(java.util.Map.of("org.apache.spark.version", "none"))
            .build()) {
      for (int i = 0; i < rows; i++) {
        writer.write(row(factory, i));
      }
    }
  }

  static Group row(SimpleGroupFactory factory, int i) {
    Group row = factory.newGroup();
    row.add("row_id", (long) i);
    if (i % 5 != 0) {
      row.add("small", i % 1000);
      row.add("few", List.of("red", "green", "blue").get(i % 3));
      row.add("many", Integer.toHexString(i * -1640531535) + " größer");
      row.add("flag", i % 3 == 0);
      row.add("ratio", i % 7 == 0 ? Double.NaN : i / 3.0);
      row.add("day", 18000 + i);
      row.add("instant", 1_577_880_000_000_000L + i * 1_000_003L);
      row.add("legacy", Binary.fromConstantByteArray(bytes(i, 12)));
      row.add("amount", Binary.fromConstantByteArray(bytes(i, 9)));
      row.add("id", Binary.fromConstantByteArray(bytes(i * 31, 16)));
    }
    if (i % 4 != 0) {
      Group list = row.addGroup("list");
      for (int j = 0; j < i % 6; j++) {
        Group element = list.addGroup("list");
        if (j % 2 == 0) {
          element.add("element", j);
        }
      }
      Group map = row.addGroup("map");
      for (int j = 0; j < i % 3; j++) {
        Group pair = map.addGroup("key_value").append("key", "k" + j);
        pair.addGroup("value").append("x", j / 2f);
      }
    }
    return row;
  }

  static byte[] bytes(int value, int length) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < 4; i++) {
      bytes[length - 1 - i] = (byte) (value >> 8 * i);
    }
    return bytes;
  }
}
