// The table as a file for spreadsheets: RFC 4180, one line a picture, in the order shown.
#pragma once

#include <string>

#include "ui/try/try.h"

namespace handful::ui {

// file,answer,probability,second,second_probability,milliseconds,width,height,warning,error
std::string ToCsv(Try& trying);

}  // namespace handful::ui
