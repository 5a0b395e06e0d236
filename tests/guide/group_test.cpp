// SPDX-License-Identifier: MIT
#include <eigenguide/guide/guide.hpp>
#include <eigenguide/method/cfg.hpp>
#include <eigenguide/method/cfg_zero_star.hpp>
#include <eigenguide/method/renorm.hpp>
#include <eigenguide/method/rescale.hpp>
#include <eigenguide/method/zero_init.hpp>
#include <eigenguide/tensor/tensor.hpp>

#include <support/catch.hpp>
#include <support/data.hpp>

#include <cmath>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

using namespace eigenguide;

namespace {

// A tensor of any layout, slowest dimension first.
struct Latents {
  Shape shape;
  std::vector<float> values;

  Latents(std::vector<std::size_t> extents, std::uint64_t seed) {
    std::size_t size = 1;
    for (const std::size_t extent : extents) shape.extent[shape.rank++] = extent, size *= extent;
    Random random(seed);
    values = random.normals<float>(size);
  }
  std::size_t samples() const { return shape.extent[0]; }
  std::size_t size() const { return samples() == 0 ? 0 : values.size() / samples(); }
};

BatchView<const float> of(const Latents& l) { return {l.values.data(), l.samples(), l.size(), l.size(), l.shape}; }
BatchView<float> of(Latents& l) { return {l.values.data(), l.samples(), l.size(), l.size(), l.shape}; }

template <class Method>
std::vector<float> guided(const Method& method, const Latents& c, const Latents& u) {
  Latents out = c;
  guide(method, of(c), of(u), of(out));
  return out.values;
}

// The definition: the elements of each group as a sample of their own. `key`
// says to which group the element at these indices belongs.
template <class Method, class Key>
std::vector<float> one_by_one(const Method& method, const Latents& c, const Latents& u, const Key& key,
                              const std::vector<bool>& keep = {}) {
  std::vector<std::vector<std::size_t>> groups;
  std::vector<std::string> keys;
  for (std::size_t n = 0; n < c.values.size(); ++n) {
    std::vector<std::size_t> index(c.shape.rank);
    std::size_t rest = n;
    for (std::size_t axis = c.shape.rank; axis-- > 0; rest /= c.shape.extent[axis])
      index[axis] = rest % c.shape.extent[axis];
    std::string name;
    for (const std::size_t part : key(index)) name += std::to_string(part) + ",";
    std::size_t at = 0;
    while (at < keys.size() && keys[at] != name) ++at;
    if (at == keys.size()) keys.push_back(name), groups.emplace_back();
    groups[at].push_back(n);
  }
  std::vector<float> all(c.values.size());
  for (const auto& group : groups) {
    std::vector<float> cond, uncond;
    for (const std::size_t n : group)
      if (keep.empty() || keep[n]) cond.push_back(c.values[n]), uncond.push_back(u.values[n]);
    const auto result = guide(method, cond, uncond);
    std::size_t next = 0;
    for (const std::size_t n : group)
      if (keep.empty() || keep[n]) all[n] = result[next++];
  }
  return all;
}

using Index = std::vector<std::size_t>;
const auto method = CfgZeroStar{4.0} | Rescale{0.5} | Renorm::capped(1.1);

}  // namespace

TEST_CASE("group: each is guided like a sample of its own, bit for bit") {
  const Latents c({2, 3, 5, 17}, 1), u({2, 3, 5, 17}, 2);
  CHECK(guided(with(method, per_sample("bchw")), c, u) == guided(method, c, u));
  CHECK(guided(with(method, per_channel("bchw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[0], i[1]}; }));
  CHECK(guided(with(method, per_pixel("bchw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[0], i[2], i[3]}; }));
  CHECK(guided(with(method, per_row("bchw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[0], i[1], i[2]}; }));
  CHECK(guided(with(method, over("cw", "bchw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[0], i[2]}; }));
  CHECK(guided(with(method, per("w", "bchw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[0], i[3]}; }));
}

TEST_CASE("group: large ones, whose sums span chunks, have the same bits") {
  const Latents c({1, 3, 70, 130}, 3), u({1, 3, 70, 130}, 4);
  CHECK(guided(with(method, per_channel("bchw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[1]}; }));
  const Latents swapped_c({1, 70, 130, 3}, 3), swapped_u({1, 70, 130, 3}, 4);
  CHECK(guided(with(method, per_channel("bhwc")), swapped_c, swapped_u) ==
        one_by_one(method, swapped_c, swapped_u, [](const Index& i) { return Index{i[3]}; }));
}

TEST_CASE("group: one formula means one thing in every layout") {
  // [B, tokens, channels] and its transpose.
  const Latents c({2, 7, 4}, 5), u({2, 7, 4}, 6);
  const auto transposed = [](const Latents& l) {
    Latents t({2, 4, 7}, 0);
    for (std::size_t b = 0; b < 2; ++b)
      for (std::size_t n = 0; n < 7; ++n)
        for (std::size_t k = 0; k < 4; ++k) t.values[(b * 4 + k) * 7 + n] = l.values[(b * 7 + n) * 4 + k];
    return t;
  };
  Latents by_token = c;
  by_token.values = guided(with(method, per_token("bnc")), c, u);
  CHECK(guided(with(method, per_token("bcn")), transposed(c), transposed(u)) == transposed(by_token).values);
}

TEST_CASE("group: video has frames and pixels") {
  const Latents c({1, 3, 4, 5, 6}, 7), u({1, 3, 4, 5, 6}, 8);
  CHECK(guided(with(method, per_frame("bcthw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[2]}; }));
  CHECK(guided(with(method, per_pixel("bcthw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[2], i[3], i[4]}; }));
  CHECK(guided(with(method, over("ct", "bcthw")), c, u) ==
        one_by_one(method, c, u, [](const Index& i) { return Index{i[3], i[4]}; }));
}

TEST_CASE("group: an Eigen tensor's layout is named from its slowest dimension") {
  Eigen::Tensor<float, 3> c(4, 7, 2), u(4, 7, 2);  // ColMajor: channels, tokens, samples
  const Latents values_c({2, 7, 4}, 5), values_u({2, 7, 4}, 6);
  std::copy(values_c.values.begin(), values_c.values.end(), c.data());
  std::copy(values_u.values.begin(), values_u.values.end(), u.data());
  const Eigen::Tensor<float, 3> out = guide(with(method, per_token("bnc")), c, u);
  CHECK(std::vector<float>(out.data(), out.data() + out.size()) ==
        guided(with(method, per_token("bnc")), values_c, values_u));
}

TEST_CASE("group: an output may be an input, and copies and zeros reach every element") {
  Latents c({2, 3, 4, 5}, 1), u({2, 3, 4, 5}, 2);
  const auto apart = guided(with(method, per_pixel("bchw")), c, u);
  Latents over_cond = c;
  guide(with(method, per_pixel("bchw")), of(over_cond), of(u), of(over_cond));
  CHECK(over_cond.values == apart);
  CHECK(guided(with(Cfg{1.0}, per_pixel("bchw")), c, u) == c.values);
  CHECK(guided(with(Cfg{0.0}, per_pixel("bchw")), c, u) == u.values);
  CHECK(guided(with(ZeroInit{1, 0}, per_pixel("bchw")), c, u) == std::vector<float>(120, 0.0f));
}

TEST_CASE("group: of a tensor without elements there may be no group, and nothing to do") {
  float one = 1.0f;
  const Shape no_channels{{2, 0, 5}, 3}, no_times{{2, 5, 0}, 3};
  for (const Shape& shape : {no_channels, no_times}) {
    const BatchView<const float> c(&one, 2, 0, 0, shape);
    const BatchView<float> out(&one, 2, 0, 0, shape);
    guide(with(Apg{3.0}, per_channel("bct")), c, c, out);
    guide(with(Cfg{3.0}, per_channel("bct")), c, c, out);
    CHECK(one == 1.0f);
  }
}

TEST_CASE("mask: a padded batch has the bits of its samples without the padding") {
  // Two clips of 3 channels, 11 and 6 frames long of 11.
  Latents c({2, 3, 11}, 1), u({2, 3, 11}, 2);
  std::vector<unsigned char> frames(22, 1);
  std::vector<bool> keep(66, true);
  for (std::size_t t = 6; t < 11; ++t) {
    frames[11 + t] = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      keep[33 + k * 11 + t] = false;
      c.values[33 + k * 11 + t] = 1e30f;  // whatever the padding holds
    }
  }
  const BatchView<const unsigned char> mask_of(frames.data(), 2, 11, 11, Shape{{2, 11}, 2});
  for (const auto& [group, key] : std::vector<std::pair<Group, bool>>{{per_sample("bct"), false}, {per_channel("bct"), true}}) {
    const auto got = guided(with(method, group, mask(mask_of, "bt")), c, u);
    const auto want = one_by_one(
        method, c, u, [key = key](const Index& i) { return key ? Index{i[0], i[1]} : Index{i[0]}; }, keep);
    for (std::size_t n = 0; n < got.size(); ++n)
      if (keep[n]) CHECK(got[n] == want[n]);
  }
}

TEST_CASE("mask: of any dimensions in any order, over any groups, each as enumerated") {
  // g = c + 3 (c − c* u), c* = ⟨c, u⟩ / ‖u‖² of what is kept; where nothing is, c.
  const CfgZeroStar one{4.0};
  struct Layout {
    std::string names;
    Index extents;
  };
  for (const Layout& layout : {Layout{"btc", {2, 5, 19}}, Layout{"bct", {2, 3, 13}}, Layout{"bchw", {2, 2, 3, 5}}}) {
    const std::size_t rank = layout.names.size();
    const Latents c(layout.extents, 1), u(layout.extents, 2);
    const auto index_of = [&](std::size_t n) {
      Index index(rank);
      for (std::size_t axis = rank; axis-- > 0; n /= layout.extents[axis]) index[axis] = n % layout.extents[axis];
      return index;
    };
    for (std::size_t of_group = 0; of_group < (std::size_t{1} << (rank - 1)); ++of_group)
      for (std::size_t of_mask = 1; of_mask < (std::size_t{1} << rank); ++of_mask)
        for (const bool reversed : {false, true})
          for (const std::size_t gap : {0u, 7u}) {
            std::string each, axes;
            for (std::size_t axis = 0; axis < rank; ++axis) {
              if (axis > 0 && (of_group >> (axis - 1) & 1)) each += layout.names[axis];
              if (of_mask >> axis & 1) axes += layout.names[axis];
            }
            if (reversed) axes = std::string(axes.rbegin(), axes.rend());
            INFO(layout.names << " by \"" << each << "\", masked by \"" << axes << "\", gap " << gap);

            // The mask's own layout, its slowest dimension `gap` apart.
            Shape shape;
            Index axis_of, stride(axes.size(), 1);
            for (const char name : axes) {
              axis_of.push_back(layout.names.find(name));
              shape.extent[shape.rank++] = layout.extents[axis_of.back()];
            }
            for (std::size_t i = axes.size() - 1; i-- > 0;) stride[i] = stride[i + 1] * shape.extent[i + 1] + (i == 0 ? gap : 0);
            Random random(of_mask);
            std::vector<unsigned char> values(shape.extent[0] * stride[0]);
            for (unsigned char& value : values) value = random.uniform() < 0.6 ? static_cast<unsigned char>(1 + 254 * random.uniform()) : 0;
            const bool vector = axes.size() == 1;
            const BatchView<const unsigned char> mask_of(values.data(), vector ? 1 : shape.extent[0],
                                                         vector ? shape.extent[0] : stride[0] - gap,
                                                         vector ? shape.extent[0] : stride[0], shape);
            std::vector<bool> keep;
            for (std::size_t n = 0; n < c.values.size(); ++n) {
              const Index index = index_of(n);
              std::size_t at = 0;
              for (std::size_t i = 0; i < axes.size(); ++i) at += index[axis_of[i]] * stride[i];
              keep.push_back(values[at] != 0);
            }

            const auto key = [&](const Index& index) {
              Index group{index[0]};
              for (std::size_t axis = 1; axis < rank; ++axis)
                if (of_group >> (axis - 1) & 1) group.push_back(index[axis]);
              return group;
            };
            const auto got = guided(with(one, per(each, layout.names), mask(mask_of, axes)), c, u);
            const auto want = one_by_one(one, c, u, key, keep);
            struct Products {
              double cu = 0.0, uu = 0.0;
            };
            std::map<Index, Products> of;
            for (std::size_t n = 0; n < got.size(); ++n)
              if (keep[n]) {
                Products& sums = of[key(index_of(n))];
                sums.cu += double(c.values[n]) * double(u.values[n]);
                sums.uu += double(u.values[n]) * double(u.values[n]);
              }
            bool same = true, near = true;
            for (std::size_t n = 0; n < got.size(); ++n) {
              const Products sums = of[key(index_of(n))];
              const double scaled = sums.uu == 0.0 ? 0.0 : sums.cu / sums.uu * double(u.values[n]);
              if (keep[n])
                same = same && got[n] == want[n];
              else if (sums.uu == 0.0)
                same = same && got[n] == c.values[n];
              else
                near = near && std::abs(double(got[n]) - (scaled + 4.0 * (double(c.values[n]) - scaled))) <
                                   1e-5 * (1.0 + 4.0 * (std::abs(double(c.values[n])) + std::abs(scaled)));
            }
            CHECK(same);
            CHECK(near);
          }
  }
}

TEST_CASE("mask: of the full shape, or a group of nothing but padding") {
  Latents c({2, 8}, 1), u({2, 8}, 2);
  std::vector<unsigned char> keep{1, 1, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0};
  const BatchView<const unsigned char> mask_of(keep.data(), 2, 8, 8, Shape{{2, 8}, 2});
  const auto got = guided(with(method, mask(mask_of)), c, u);
  std::vector<float> short_c, short_u, short_got;
  for (std::size_t n = 0; n < 8; ++n)
    if (keep[n]) short_c.push_back(c.values[n]), short_u.push_back(u.values[n]), short_got.push_back(got[n]);
  CHECK(short_got == guide(method, short_c, short_u));
  const std::vector<float> padding(c.values.begin() + 8, c.values.end());
  CHECK(std::vector<float>(got.begin() + 8, got.end()) == padding);
  const auto constant = guided(with(Cfg{5.0}, mask(mask_of)), c, u);
  CHECK(constant[0] != c.values[0]);
  CHECK(std::vector<float>(constant.begin() + 8, constant.end()) == padding);
}

TEST_CASE("group: what does not fit is rejected") {
  Latents c({2, 3, 4, 5}, 1), u({2, 3, 4, 5}, 2);
  CHECK_REJECTS(guided(with(method, per_channel("bct")), c, u),
                "`layout` is \"bct\"; expected one letter for each dimension of `cond`, of shape [2, 3, 4, 5]");
  CHECK_REJECTS(guided(with(method, per_channel("bcch")), c, u), "`layout` is \"bcch\"");
  CHECK_REJECTS(guided(with(method, per_token("bchw")), c, u),
                "`group` is for each 'n' of a layout \"bchw\"; expected dimensions that the layout names");
  CHECK_REJECTS(over("n", "bchw"), "`group` is over the dimension 'n'");
  const std::vector<unsigned char> keep(10, 1);
  const BatchView<const unsigned char> mask_of(keep.data(), 2, 5, 5, Shape{{2, 5}, 2});
  CHECK_REJECTS(guided(with(method, per_sample("bchw"), mask(mask_of, "bh")), c, u), "`mask` is of shape [2, 5] (bh)");
  CHECK_REJECTS(guided(with(method, per_sample("bchw"), mask(mask_of, "bt")), c, u), "`mask` is of shape [2, 5] (bt)");
  CHECK_REJECTS(guided(with(method, mask(mask_of)), c, u), "`mask` is of shape [2, 5]");
  CHECK_REJECTS(guided(with(method, per_sample("bchw"), mask(mask_of, "bb")), c, u), "`mask` is of shape [2, 5] (bb)");
  const Latents square_c({4, 4}, 1), square_u({4, 4}, 2);
  const std::vector<unsigned char> square(16, 1);
  const BatchView<const unsigned char> square_mask(square.data(), 4, 4, 4, Shape{{4, 4}, 2});
  CHECK_REJECTS(guided(with(method, per_sample("bc"), mask(square_mask, "bb")), square_c, square_u), "`mask` is of shape [4, 4] (bb)");
  CHECK_REJECTS(guided(with(method, per_sample("bc"), mask(square_mask, "cc")), square_c, square_u), "`mask` is of shape [4, 4] (cc)");
  CHECK_REJECTS(guide(with(method, per_channel("bchw")), BatchView<const float>(c.values.data(), 2, 60),
                      BatchView<const float>(u.values.data(), 2, 60), BatchView<float>(c.values.data(), 2, 60)),
                "`layout`");
}
