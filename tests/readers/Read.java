import java.io.BufferedWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.HexFormat;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.Float16LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.Type;

/**
 * Dumps Parquet files as parquet-java reads them, page checksums verified.
 *
 * <p>The argument names a file of lines "PARQUET tab DUMP". A dump's first line names each
 * column and its kind; each further line is a row: integers and bits of floats in decimal,
 * bytes in hexadecimal, decimals as digits with a point, null as \N. A file that cannot be
 * read leaves DUMP's name with the extension .error instead.
 */
public class Read {
  public static void main(String[] arguments) throws Exception {
    for (String line : Files.readAllLines(Paths.get(arguments[0]))) {
      String[] fields = line.split("\t");
      try {
        dump(fields[0], fields[1]);
      } catch (Throwable error) {
        Files.writeString(Paths.get(fields[1].replaceAll("\\.tsv$", ".error")), causes(error));
      }
    }
  }

  static String causes(Throwable error) {
    StringBuilder text = new StringBuilder();
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      text.append(cause).append("\n");
    }
    return text.toString();
  }

  static void dump(String parquet, String out) throws Exception {
    Configuration configuration = new Configuration();
    configuration.setBoolean("parquet.page.verify-checksum.enabled", true);
    org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(Paths.get(parquet).toUri());
    GroupType schema;
    try (ParquetFileReader reader =
        ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
      schema = reader.getFooter().getFileMetaData().getSchema();
    }
    int columns = schema.getFieldCount();
    String[] kinds = new String[columns];
    for (int i = 0; i < columns; i++) {
      kinds[i] =
          schema.getType(i).isPrimitive() ? kind(schema.getType(i).asPrimitiveType()) : "json";
    }
    try (BufferedWriter writer = Files.newBufferedWriter(Paths.get(out), StandardCharsets.UTF_8);
        ParquetReader<Group> reader =
            ParquetReader.builder(new GroupReadSupport(), path)
                .withConf(configuration)
                .usePageChecksumVerification(true)
                .build()) {
      for (int i = 0; i < columns; i++) {
        writer.write((i == 0 ? "" : "\t") + schema.getFieldName(i) + ":" + kinds[i]);
      }
      writer.write("\n");
      for (Group row = reader.read(); row != null; row = reader.read()) {
        for (int i = 0; i < columns; i++) {
          if (i > 0) {
            writer.write('\t');
          }
          writer.write(
              row.getFieldRepetitionCount(i) == 0
                  ? "\\N"
                  : schema.getType(i).isPrimitive()
                      ? text(row, i, kinds[i], schema.getType(i).asPrimitiveType())
                      : json(row, i, 0, schema.getType(i)));
        }
        writer.write("\n");
      }
    }
  }

  static String unit(TimeUnit unit) {
    return switch (unit) {
      case MILLIS -> "ms";
      case MICROS -> "us";
      case NANOS -> "ns";
    };
  }

  static String kind(PrimitiveType type) {
    LogicalTypeAnnotation logical = type.getLogicalTypeAnnotation();
    if (logical instanceof DecimalLogicalTypeAnnotation decimal) {
      return "decimal/" + decimal.getPrecision() + "," + decimal.getScale();
    }
    if (logical instanceof TimestampLogicalTypeAnnotation timestamp) {
      return "timestamp_"
          + unit(timestamp.getUnit())
          + (timestamp.isAdjustedToUTC() ? "/UTC" : "/");
    }
    if (logical instanceof TimeLogicalTypeAnnotation time) {
      return "time_" + unit(time.getUnit());
    }
    if (logical instanceof IntLogicalTypeAnnotation integer) {
      return (integer.isSigned() ? "i" : "u") + integer.getBitWidth();
    }
    if (logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation) {
      return "date";
    }
    if (logical instanceof Float16LogicalTypeAnnotation) {
      return "f16";
    }
    if (logical instanceof StringLogicalTypeAnnotation) {
      return "text";
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> "bool";
      case INT32 -> "i32";
      case INT64 -> "i64";
      case INT96 -> throw new IllegalArgumentException("INT96");
      case FLOAT -> "f32";
      case DOUBLE -> "f64";
      case BINARY, FIXED_LEN_BYTE_ARRAY -> "bytes";
    };
  }

  /** Value {@code index} of a field as JSON: lists as arrays, maps as arrays of pairs. */
  static String json(Group row, int i, int index, Type type) {
    if (type.isPrimitive()) {
      return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
        case INT32 -> Integer.toString(row.getInteger(i, index));
        case INT64 -> Long.toString(row.getLong(i, index));
        case BINARY -> '"' + row.getString(i, index) + '"';
        default -> throw new IllegalArgumentException(type.toString());
      };
    }
    GroupType group = type.asGroupType();
    Group value = row.getGroup(i, index);
    LogicalTypeAnnotation logical = group.getLogicalTypeAnnotation();
    StringBuilder text = new StringBuilder();
    if (logical instanceof LogicalTypeAnnotation.ListLogicalTypeAnnotation
        || logical instanceof LogicalTypeAnnotation.MapLogicalTypeAnnotation) {
      GroupType repeated = group.getType(0).asGroupType();
      boolean isMap = repeated.getFieldCount() == 2;
      for (int at = 0; at < value.getFieldRepetitionCount(0); at++) {
        Group entry = value.getGroup(0, at);
        text.append(at == 0 ? "" : ",");
        text.append(isMap ? "[" + json(entry, 0, 0, repeated.getType(0)) + "," : "");
        int last = repeated.getFieldCount() - 1;
        text.append(
            entry.getFieldRepetitionCount(last) == 0
                ? "null"
                : json(entry, last, 0, repeated.getType(last)));
        text.append(isMap ? "]" : "");
      }
      return "[" + text + "]";
    }
    for (int at = 0; at < group.getFieldCount(); at++) {
      text.append(at == 0 ? "" : ",").append('"').append(group.getFieldName(at)).append("\":");
      text.append(
          value.getFieldRepetitionCount(at) == 0
              ? "null"
              : json(value, at, 0, group.getType(at)));
    }
    return "{" + text + "}";
  }

  static String text(Group row, int i, String kind, PrimitiveType type) {
    if (kind.startsWith("decimal/")) {
      int scale = ((DecimalLogicalTypeAnnotation) type.getLogicalTypeAnnotation()).getScale();
      BigInteger unscaled =
          switch (type.getPrimitiveTypeName()) {
            case INT32 -> BigInteger.valueOf(row.getInteger(i, 0));
            case INT64 -> BigInteger.valueOf(row.getLong(i, 0));
            default -> new BigInteger(row.getBinary(i, 0).getBytes());
          };
      return new BigDecimal(unscaled, scale).toPlainString();
    }
    return switch (type.getPrimitiveTypeName()) {
      case BOOLEAN -> row.getBoolean(i, 0) ? "1" : "0";
      case INT32 ->
          kind.startsWith("u")
              ? Integer.toUnsignedString(row.getInteger(i, 0))
              : Integer.toString(row.getInteger(i, 0));
      case INT64 ->
          kind.startsWith("u")
              ? Long.toUnsignedString(row.getLong(i, 0))
              : Long.toString(row.getLong(i, 0));
      case FLOAT ->
          Integer.toUnsignedString(Float.floatToRawIntBits(row.getFloat(i, 0)));
      case DOUBLE ->
          Long.toUnsignedString(Double.doubleToRawLongBits(row.getDouble(i, 0)));
      default -> {
        byte[] bytes = row.getBinary(i, 0).getBytes();
        yield kind.equals("f16")
            ? Integer.toString((bytes[0] & 0xff) | (bytes[1] & 0xff) << 8)
            : HexFormat.of().formatHex(bytes);
      }
    };
  }
}
